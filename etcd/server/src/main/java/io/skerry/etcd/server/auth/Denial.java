package io.skerry.etcd.server.auth;

import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import org.jspecify.annotations.Nullable;

/** Why a call is refused by authentication, in etcd's codes and words. */
public enum Denial {
    ROOT_USER_MISSING(GrpcCode.FAILED_PRECONDITION, "etcdserver: root user does not exist"),
    ROOT_ROLE_MISSING(
            GrpcCode.FAILED_PRECONDITION, "etcdserver: root user does not have root role"),
    USER_EXISTS(GrpcCode.FAILED_PRECONDITION, "etcdserver: user name already exists"),
    USER_EMPTY(GrpcCode.INVALID_ARGUMENT, "etcdserver: user name is empty"),
    USER_NOT_FOUND(GrpcCode.FAILED_PRECONDITION, "etcdserver: user name not found"),
    ROLE_EXISTS(GrpcCode.FAILED_PRECONDITION, "etcdserver: role name already exists"),
    ROLE_NOT_FOUND(GrpcCode.FAILED_PRECONDITION, "etcdserver: role name not found"),
    ROLE_EMPTY(GrpcCode.INVALID_ARGUMENT, "etcdserver: role name is empty"),
    AUTHENTICATION_FAILED(
            GrpcCode.INVALID_ARGUMENT,
            "etcdserver: authentication failed, invalid user ID or password"),
    /** etcd has no code of its own for it. */
    PASSWORD_FOR_NO_PASSWORD_USER(
            GrpcCode.UNKNOWN,
            "auth: authentication failed, password was given for no password user"),
    PASSWORD_TOO_LONG(
            GrpcCode.INVALID_ARGUMENT, "etcdserver: password is longer than 72 bytes of UTF-8"),
    PERMISSION_NOT_GIVEN(GrpcCode.INVALID_ARGUMENT, "etcdserver: permission not given"),
    PERMISSION_DENIED(GrpcCode.PERMISSION_DENIED, "etcdserver: permission denied"),
    ROLE_NOT_GRANTED(GrpcCode.FAILED_PRECONDITION, "etcdserver: role is not granted to the user"),
    PERMISSION_NOT_GRANTED(
            GrpcCode.FAILED_PRECONDITION, "etcdserver: permission is not granted to the role"),
    NOT_ENABLED(GrpcCode.FAILED_PRECONDITION, "etcdserver: authentication is not enabled"),
    INVALID_TOKEN(GrpcCode.UNAUTHENTICATED, "etcdserver: invalid auth token"),
    INVALID_MANAGEMENT(GrpcCode.INVALID_ARGUMENT, "etcdserver: invalid auth management"),
    OLD_REVISION(GrpcCode.INVALID_ARGUMENT, "etcdserver: revision of auth store is old"),
    CANNOT_SIGN(
            GrpcCode.FAILED_PRECONDITION,
            "etcdserver: this member only verifies tokens: it has no private key to sign them"),
    TOO_MANY_PASSWORDS(GrpcCode.RESOURCE_EXHAUSTED, "etcdserver: too many requests");

    private static final Denial[] ALL = values();

    private final GrpcCode code;
    private final String message;

    Denial(GrpcCode code, String message) {
        this.code = code;
        this.message = message;
    }

    /** The refusal of these words; null if it is another one. */
    public static @Nullable Denial find(String message) {
        for (var denial : ALL) {
            if (denial.message.equals(message)) {
                return denial;
            }
        }
        return null;
    }

    public GrpcCode code() {
        return code;
    }

    public String message() {
        return message;
    }

    /** As the status of a call. */
    public GrpcException exception() {
        return new GrpcException(code, message);
    }
}
