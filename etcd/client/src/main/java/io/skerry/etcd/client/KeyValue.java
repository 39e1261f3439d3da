package io.skerry.etcd.client;

import com.google.protobuf.ByteString;

/**
 * A key with its value at some revision.
 *
 * @param createRevision revision at which the key was created; 0 in the event of a deletion
 * @param modRevision revision of the last change
 * @param version how often it was written since its creation
 * @param lease the id of the lease it hangs on; 0 for none
 */
public record KeyValue(
        String key,
        ByteString value,
        long createRevision,
        long modRevision,
        long version,
        long lease) {

    public String text() {
        return value.toStringUtf8();
    }

    static KeyValue of(io.etcd.jetcd.api.KeyValue kv) {
        return new KeyValue(
                kv.getKey().toStringUtf8(),
                kv.getValue(),
                kv.getCreateRevision(),
                kv.getModRevision(),
                kv.getVersion(),
                kv.getLease());
    }
}
