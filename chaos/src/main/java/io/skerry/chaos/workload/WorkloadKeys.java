package io.skerry.chaos.workload;

/** The keys of the workloads: none uses those of another. */
public final class WorkloadKeys {
    public static final String REGISTERS = "register/";
    public static final String TRANSACTIONS = "txn/";
    public static final String SETS = "set/";
    public static final String LEASES = "lease/";
    public static final String LOCK_QUEUE = "lock/queue/";
    public static final String LOCK_FENCE = "lock/fence";

    private WorkloadKeys() {}
}
