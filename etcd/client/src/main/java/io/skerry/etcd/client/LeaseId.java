package io.skerry.etcd.client;

/** A lease; etcd prints ids in hexadecimal. */
public record LeaseId(long value) {
    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
