package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.etcd.server.consensus.ReplicatedLog;

/** Who this member is, as each response header tells. */
final class Identity {
    private static final byte HEADER_TAG = 1 << 3 | 2;

    private final ReplicatedLog log;
    private volatile Suffix suffix = new Suffix(-1, ByteString.EMPTY);

    private record Suffix(long term, ByteString encoded) {}

    Identity(ReplicatedLog log) {
        this.log = log;
    }

    /** A header with everything; 0 leaves the revision out. */
    ResponseHeader header(long revision) {
        var status = log.status();
        return ResponseHeader.newBuilder()
                .setClusterId(status.clusterId())
                .setMemberId(status.memberId())
                .setRevision(revision)
                .setRaftTerm(status.term())
                .build();
    }

    ByteString encodedHeader(long revision) {
        return header(revision).toByteString();
    }

    /**
     * A response's field 1 with this member's identity and no revision. Appended to a response
     * whose header has only the revision, it completes it: protobuf merges the two.
     */
    ByteString headerToAppend() {
        long term = log.status().term();
        var cached = suffix;
        if (cached.term != term) {
            var header = encodedHeader(0);
            var tag = ByteString.copyFrom(new byte[] {HEADER_TAG, (byte) header.size()});
            cached = new Suffix(term, tag.concat(header));
            suffix = cached;
        }
        return cached.encoded;
    }
}
