package io.skerry.systemd.manager;

import org.jspecify.annotations.Nullable;

/**
 * systemd refused a call, or could not be reached. {@link #errorName()} is the D-Bus error name,
 * for instance {@value #NO_SUCH_UNIT}; the message tells what was asked, of which unit, and what
 * systemd answered.
 */
public final class SystemdException extends Exception {
    /** No unit of that name is loaded or can be loaded. */
    public static final String NO_SUCH_UNIT = "org.freedesktop.systemd1.NoSuchUnit";

    /** The connection to the bus is down; calls may be repeated once it is back. */
    public static final String DISCONNECTED = "org.freedesktop.DBus.Error.Disconnected";

    /** No answer within the time allowed. */
    public static final String NO_REPLY = "org.freedesktop.DBus.Error.NoReply";

    private static final long serialVersionUID = 1L;

    private final String errorName;

    /** An error with its D-Bus name, a message for users and the cause, if there is one. */
    public SystemdException(String errorName, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.errorName = errorName;
    }

    /** The D-Bus error name. */
    public String errorName() {
        return errorName;
    }

    /** True when the unit does not exist for systemd. */
    public boolean isNoSuchUnit() {
        return errorName.equals(NO_SUCH_UNIT);
    }

    /** True when the bus was away or silent, so that the outcome of the call is not known. */
    public boolean isUnreachable() {
        return errorName.equals(DISCONNECTED) || errorName.equals(NO_REPLY);
    }
}
