package io.skerry.etcd.ctl.failure;

/** The exit statuses of etcdctl, and 2 for a command line that names no command or flag of it. */
public final class ExitStatus {
    public static final int ERROR = 1;
    public static final int BAD_CONNECTION = 2;

    /** No such command or flag; the original has {@link #ERROR} for it. */
    public static final int USAGE = 2;

    /** What was read from standard input could not be understood. */
    public static final int INVALID_INPUT = 3;

    /** A flag has a value that it does not allow. */
    public static final int BAD_FEATURE = 4;

    public static final int INTERRUPTED = 5;
    public static final int BAD_ARGUMENTS = 128;

    private ExitStatus() {}
}
