package io.skerry.flannel.netfilter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.process.Command;
import io.skerry.base.process.CommandException;
import io.skerry.flannel.filter.Counts;
import io.skerry.flannel.filter.Filter;
import io.skerry.flannel.filter.FilterText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The table of a network's policies in the kernel; puts it, and puts it again when it is not as it
 * was put. Works in the network namespace of the thread that calls it; for one thread at a time.
 */
public final class PolicyTable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path BRIDGES = Path.of("/proc/sys/net/bridge");

    /** Without these, packets from port to port of one bridge never come to the table. */
    private static final Path[] CALLS = {
        BRIDGES.resolve("bridge-nf-call-iptables"), BRIDGES.resolve("bridge-nf-call-ip6tables")
    };

    private final String table;
    private final PutTable<Filter> put = new PutTable<>();
    private Counts counts = Counts.NONE;
    private boolean removed;
    private boolean moduleAsked;

    /**
     * For one network.
     *
     * @param table its name
     */
    public PolicyTable(String table) {
        this.table = table;
    }

    /** The table of a network, after its addresses. */
    public static String nameFor(Object network) {
        return "skerry_policy_" + network.toString().replaceAll("[./:]", "_");
    }

    public String name() {
        return table;
    }

    /**
     * Sees to the table.
     *
     * @return whether anything had to be done
     * @throws CommandException nft is not there, or the kernel lacks something
     */
    public boolean ensure(Filter wanted) throws CommandException, InterruptedException {
        removed = false;
        return put.ensure(
                wanted,
                () ->
                        Command.of("nft", "-f", "-")
                                .stdin(FilterText.of(table, wanted, counts()))
                                .check(),
                this::listed);
    }

    /** Sees to it that there is no such table, whoever put it. */
    public void remove() throws CommandException, InterruptedException {
        if (!removed) {
            counts();
            Command.of("nft", "-f", "-").stdin(FilterText.removal(table)).check();
            removed = true;
        }
    }

    /** Removes the table of a network, whoever put it; none there is as well. */
    public static void removeTableOf(Object network) throws CommandException, InterruptedException {
        Command.of("nft", "-f", "-").stdin(FilterText.removal(nameFor(network))).check();
    }

    private Optional<String> listed() throws CommandException, InterruptedException {
        var listing = Command.of("nft", "-s", "-n", "list", "table", "inet", table).run();
        return listing.succeeded() ? Optional.of(listing.stdout()) : Optional.empty();
    }

    /** What the table has dropped, also before it was last put or while another process ran. */
    public Counts counts() throws CommandException, InterruptedException {
        var listing = Command.of("nft", "-j", "list", "counters", "table", "inet", table).run();
        if (listing.succeeded()) {
            counts = counts.orMore(parse(listing.stdout()));
        }
        return counts;
    }

    static Counts parse(String json) {
        long denied = 0;
        long stopped = 0;
        try {
            for (JsonNode entry : MAPPER.readTree(json).path("nftables")) {
                JsonNode counter = entry.path("counter");
                switch (counter.path("name").asText()) {
                    case "denied" -> denied = counter.path("packets").asLong();
                    case "stopped" -> stopped = counter.path("packets").asLong();
                    default -> {}
                }
            }
        } catch (JsonProcessingException e) {
            return Counts.NONE; // of an nft without JSON: they count all the same
        }
        return new Counts(denied, stopped);
    }

    /**
     * Sees to it that packets between two containers on one bridge come to the table.
     *
     * @return why they do not; empty if they do
     */
    public Optional<String> ensureBridgesCall() throws InterruptedException {
        try {
            if (!Files.exists(BRIDGES) && !moduleAsked) {
                moduleAsked = true;
                Command.of("modprobe", "br_netfilter").run();
            }
            for (Path call : CALLS) {
                if (!Files.readString(call).startsWith("1")) {
                    Files.writeString(call, "1\n");
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "packets between containers on one bridge of this host are not filtered, as the"
                            + " kernel has no br_netfilter: "
                            + e.getMessage());
        }
    }
}
