package io.skerry.flannel.kernel;

import java.io.IOException;
import java.util.Map;

/** The kernel refused something; the message tells what and why in its words. */
public final class ErrnoException extends IOException {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EADDRNOTAVAIL = 99;
    static final int EOPNOTSUPP = 95;

    private static final long serialVersionUID = 1L;
    private static final Map<Integer, String> WORDS =
            Map.ofEntries(
                    Map.entry(EPERM, "not permitted, root is needed"),
                    Map.entry(ENOENT, "no such thing"),
                    Map.entry(ESRCH, "not there"),
                    Map.entry(12, "out of memory"),
                    Map.entry(13, "access denied"),
                    Map.entry(16, "in use"),
                    Map.entry(EEXIST, "is there already"),
                    Map.entry(ENODEV, "no such device"),
                    Map.entry(22, "invalid"),
                    Map.entry(34, "out of range"),
                    Map.entry(EOPNOTSUPP, "this kernel does not have it"),
                    Map.entry(98, "address in use"),
                    Map.entry(EADDRNOTAVAIL, "no such address"),
                    Map.entry(100, "network is down"),
                    Map.entry(101, "network is unreachable"),
                    Map.entry(113, "no route to host"));

    private final int errno;

    ErrnoException(String what, int errno) {
        super(what + ": " + WORDS.getOrDefault(errno, "errno") + " (" + errno + ")");
        this.errno = errno;
    }

    ErrnoException(String what, int errno, String detail) {
        super(what + ": " + detail + " (" + errno + ")");
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }

    /** What was to be removed is gone already. */
    boolean meansGone() {
        return errno == ENOENT || errno == ESRCH || errno == ENODEV || errno == EADDRNOTAVAIL;
    }
}
