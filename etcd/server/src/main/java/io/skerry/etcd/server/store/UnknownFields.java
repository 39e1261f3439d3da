package io.skerry.etcd.server.store;

import com.google.protobuf.Message;

/** Fields of etcd's messages that the published classes do not have yet; protobuf keeps them. */
public final class UnknownFields {
    /** {@code Compare.lease}. */
    public static final int COMPARE_LEASE = 8;

    /** {@code Compare.CompareTarget.LEASE}. */
    public static final int TARGET_LEASE = 4;

    /** {@code WatchCreateRequest.watch_id}. */
    public static final int WATCH_ID = 7;

    /** {@code WatchCreateRequest.fragment}. */
    public static final int WATCH_FRAGMENT = 8;

    /** {@code HashKVResponse.hash_revision}, of etcd 3.6. */
    public static final int HASH_REVISION = 4;

    /** {@code StatusResponse.storageVersion}, of etcd 3.6. */
    public static final int STATUS_STORAGE_VERSION = 11;

    /** {@code StatusResponse.dbSizeQuota}, of etcd 3.6. */
    public static final int STATUS_QUOTA = 12;

    private UnknownFields() {}

    /** The number in this field; 0 if it is absent. */
    public static long number(Message message, int field) {
        var values = message.getUnknownFields().getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.getLast();
    }
}
