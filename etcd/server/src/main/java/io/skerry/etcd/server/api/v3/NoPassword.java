package io.skerry.etcd.server.api.v3;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.AuthUserAddRequest;

/**
 * {@code AuthUserAddRequest.options.no_password}, which the published classes do not have yet;
 * protobuf keeps it among the unknown fields.
 */
final class NoPassword {
    private static final int OPTIONS = 3;
    private static final int NO_PASSWORD = 1;

    private NoPassword() {}

    /** Whether a user without password is asked for. */
    static boolean asked(AuthUserAddRequest request) {
        var options = request.getUnknownFields().getField(OPTIONS).getLengthDelimitedList();
        try {
            boolean asked = false;
            for (var encoded : options) {
                var values =
                        UnknownFieldSet.parseFrom(encoded).getField(NO_PASSWORD).getVarintList();
                asked = values.isEmpty() ? asked : values.getLast() != 0;
            }
            return asked;
        } catch (InvalidProtocolBufferException e) {
            // A message that is no UserAddOptions: nothing is asked for that is known here.
            return false;
        }
    }
}
