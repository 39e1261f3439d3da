package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.ResponseHeader;

/**
 * The response of {@link EtcdMethods#AUTH_STATUS}: field 1 is the header, field 2 whether
 * authentication is enabled, field 3 the auth revision.
 */
public record AuthStatus(boolean enabled, long authRevision) {
    private static final int HEADER = 1;
    private static final int ENABLED = 2;
    private static final int AUTH_REVISION = 3;

    /** The encoded response. */
    public ByteString encode(ResponseHeader header) {
        var fields =
                UnknownFieldSet.newBuilder()
                        .addField(
                                HEADER,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(header.toByteString())
                                        .build());
        if (enabled) {
            fields.addField(ENABLED, UnknownFieldSet.Field.newBuilder().addVarint(1).build());
        }
        return fields.addField(
                        AUTH_REVISION,
                        UnknownFieldSet.Field.newBuilder().addVarint(authRevision).build())
                .build()
                .toByteString();
    }

    public static AuthStatus decode(UnknownFieldSet message) {
        return new AuthStatus(number(message, ENABLED) != 0, number(message, AUTH_REVISION));
    }

    private static long number(UnknownFieldSet message, int field) {
        var values = message.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.getLast();
    }
}
