package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import org.jspecify.annotations.Nullable;

/** An operation within a transaction. */
public sealed interface Op {
    record Put(String key, ByteString value, @Nullable LeaseId lease) implements Op {}

    record Get(String key) implements Op {}

    record Delete(String key) implements Op {}

    record DeletePrefix(String prefix) implements Op {}

    record ListPrefix(String prefix) implements Op {}

    /** All keys from {@code start} to before {@code end}. */
    record ListRange(String start, String end) implements Op {}

    static Op put(String key, ByteString value) {
        return new Put(key, value, null);
    }

    static Op put(String key, ByteString value, @Nullable LeaseId lease) {
        return new Put(key, value, lease);
    }

    static Op get(String key) {
        return new Get(key);
    }

    static Op delete(String key) {
        return new Delete(key);
    }

    static Op deletePrefix(String prefix) {
        return new DeletePrefix(prefix);
    }

    static Op list(String prefix) {
        return new ListPrefix(prefix);
    }

    /** Lists the keys from {@code start} to before {@code end}. */
    static Op list(String start, String end) {
        return new ListRange(start, end);
    }

    /** The encoded operation. */
    default RequestOp toProto() {
        var op = RequestOp.newBuilder();
        return switch (this) {
            case Put put -> op.setRequestPut(putRequest(put)).build();
            case Get(String key) ->
                    op.setRequestRange(RangeRequest.newBuilder().setKey(Keys.of(key))).build();
            case ListPrefix(String prefix) -> op.setRequestRange(rangeOfPrefix(prefix)).build();
            case ListRange(String start, String end) ->
                    op.setRequestRange(
                                    RangeRequest.newBuilder()
                                            .setKey(Keys.of(start))
                                            .setRangeEnd(Keys.of(end)))
                            .build();
            case Delete(String key) ->
                    op.setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(Keys.of(key)))
                            .build();
            case DeletePrefix(String prefix) ->
                    op.setRequestDeleteRange(deleteOfPrefix(prefix)).build();
        };
    }

    static PutRequest putRequest(Put put) {
        var request = PutRequest.newBuilder().setKey(Keys.of(put.key())).setValue(put.value());
        LeaseId lease = put.lease();
        return lease == null ? request.build() : request.setLease(lease.value()).build();
    }

    static RangeRequest rangeOfPrefix(String prefix) {
        return RangeRequest.newBuilder()
                .setKey(Keys.prefixStart(prefix))
                .setRangeEnd(Keys.prefixEnd(prefix))
                .build();
    }

    static DeleteRangeRequest deleteOfPrefix(String prefix) {
        return DeleteRangeRequest.newBuilder()
                .setKey(Keys.prefixStart(prefix))
                .setRangeEnd(Keys.prefixEnd(prefix))
                .build();
    }
}
