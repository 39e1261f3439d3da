package io.skerry.chaos.workload;

import java.util.Arrays;
import java.util.Locale;

/** What clients do. */
public enum Workload {
    /** Reads, writes, deletes and compare-and-swaps of single keys. */
    REGISTER(4),
    /** Additions to sets and reads of whole sets. */
    SET(2),
    /** Transactions over several keys. */
    TXN(3),
    /** Watches of everything that the others do, resumed at other members. */
    WATCH(3),
    /** Keys on leases that are renewed for a while and then left to expire. */
    LEASE(3),
    /** A lock made of leases, whose holders write with their token. */
    LOCK(3);

    private final int clients;

    Workload(int clients) {
        this.clients = clients;
    }

    /** How many do it at a time. */
    public int clients() {
        return clients;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The workload of a name.
     *
     * @throws IllegalArgumentException with all names if there is none such
     */
    public static Workload of(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label().equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "--workload: \""
                                        + label
                                        + "\" is none of "
                                        + String.join(
                                                ", ",
                                                Arrays.stream(values())
                                                        .map(Workload::label)
                                                        .toList())));
    }

    Runner runner() {
        return switch (this) {
            case REGISTER -> GroupClient.registers();
            case SET -> new SetClient();
            case TXN -> GroupClient.transactions();
            case WATCH -> new Watcher();
            case LEASE -> new LeaseClient();
            case LOCK -> new LockClient();
        };
    }

    /** One client's doing, until it is told to stop. */
    interface Runner {
        void run(ClientContext context) throws InterruptedException;
    }
}
