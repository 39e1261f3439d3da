package io.skerry.testbed.hosts;

/** What a host's systemd does right now. */
public enum HostState {
    DOWN,
    /** PID 1 exists, but is not systemd yet. */
    STARTING,
    RUNNING,
    /** All its processes are stopped by the kernel; its network still answers pings. */
    FROZEN;

    /** The word for tables: lower case. */
    public String word() {
        return switch (this) {
            case DOWN -> "down";
            case STARTING -> "starting";
            case RUNNING -> "running";
            case FROZEN -> "frozen";
        };
    }
}
