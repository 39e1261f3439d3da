package io.skerry.testbed.hosts;

import java.util.List;

/**
 * What the kernel says of a host.
 *
 * @param pid of its PID 1, as the machine sees it; 0 when down
 * @param memoryBytes of all its processes without page cache; 0 when down
 * @param faults of its network: {@code isolated}, {@code cut from h2}, {@code loss}
 */
public record HostStatus(
        Host host, HostState state, long pid, long memoryBytes, List<String> faults) {
    public HostStatus {
        faults = List.copyOf(faults);
    }
}
