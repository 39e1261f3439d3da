package io.skerry.flannel.netfilter;

import io.skerry.base.process.Command;
import io.skerry.base.process.CommandException;
import io.skerry.flannel.address.Cidr;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a table and puts it again when it is not as it was put. It works in the network namespace of
 * the thread that calls it; for one thread at a time.
 */
public final class Nftables {
    private @Nullable Ruleset current;
    private final PutTable<Ruleset> table = new PutTable<>();

    /**
     * Sees to the rules.
     *
     * @return whether anything had to be done
     * @throws CommandException nft is not there, or the kernel lacks something
     */
    public boolean ensure(Ruleset wanted) throws CommandException, InterruptedException {
        Ruleset known = current;
        if (known != null && !known.table().equals(wanted.table())) {
            remove();
        }
        boolean put =
                table.ensure(
                        wanted,
                        () -> Command.of("nft", "-f", "-").stdin(wanted.text()).check(),
                        () -> listed(wanted));
        current = wanted;
        return put;
    }

    /** Removes the table that was put, if any. */
    public void remove() throws CommandException, InterruptedException {
        Ruleset known = current;
        current = null;
        if (known != null) {
            removeTableOf(known.overlay());
        }
    }

    /** Removes the table of a network, whoever put it; none there is as well. */
    public static void removeTableOf(Cidr overlay) throws CommandException, InterruptedException {
        var none = new Ruleset(overlay, overlay, false, false);
        Command.of("nft", "-f", "-").stdin(none.text()).check();
    }

    private static Optional<String> listed(Ruleset rules)
            throws CommandException, InterruptedException {
        var listing = Command.of("nft", "-n", "list", "table", rules.family(), rules.table()).run();
        return listing.succeeded() ? Optional.of(listing.stdout()) : Optional.empty();
    }
}
