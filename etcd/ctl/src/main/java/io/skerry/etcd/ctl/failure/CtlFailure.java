package io.skerry.etcd.ctl.failure;

/** A command could not do its work. The message follows {@code Error: } on standard error. */
public final class CtlFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean told;

    private CtlFailure(int status, String message, boolean told) {
        super(message, null, false, false);
        this.status = status;
        this.told = told;
    }

    public CtlFailure(int status, String message) {
        this(status, message, false);
    }

    /** Wrong or missing words. */
    public static CtlFailure arguments(String message) {
        return new CtlFailure(ExitStatus.BAD_ARGUMENTS, message);
    }

    public static CtlFailure error(String message) {
        return new CtlFailure(ExitStatus.ERROR, message);
    }

    /** Standard error has all that there is to say already. */
    public static CtlFailure told(int status) {
        return new CtlFailure(status, "", true);
    }

    public int status() {
        return status;
    }

    /** True when nothing is left to print. */
    public boolean isTold() {
        return told;
    }

    /** The words after {@code Error: }. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
