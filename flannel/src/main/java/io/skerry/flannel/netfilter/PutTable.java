package io.skerry.flannel.netfilter;

import io.skerry.base.process.CommandException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was put as a table last, and how nft lists that. nft's listing is not the text that was put,
 * so it is taken after a put; what somebody changes in that moment would pass for ours for good. So
 * when the same is put again, as it is after damage, it must be listed as before, or be put until
 * it is listed alike twice. For one thread at a time.
 *
 * @param <T> what a table is made of
 */
final class PutTable<T> {
    /** Somebody who changes it each time is not fought without end. */
    private static final int MOST_PUTS = 5;

    private @Nullable T current;
    private String asListed = "";

    /** How it comes into the kernel. */
    @FunctionalInterface
    interface Put {
        void put() throws CommandException, InterruptedException;
    }

    /** How it is there. */
    @FunctionalInterface
    interface Listing {
        /** Empty: there is none. */
        Optional<String> listed() throws CommandException, InterruptedException;
    }

    /** Puts it unless it is there as it was put; whether that had to be done. */
    boolean ensure(T wanted, Put put, Listing listing)
            throws CommandException, InterruptedException {
        boolean known = wanted.equals(current);
        if (known && asListed.equals(listing.listed().orElse(""))) {
            return false;
        }
        String expected = asListed;
        for (int puts = 0; puts < MOST_PUTS; puts++) {
            put.put();
            String listed = listing.listed().orElse("");
            boolean alike = !known || listed.equals(expected);
            current = wanted;
            asListed = listed;
            if (alike) {
                break;
            }
            expected = listed;
        }
        return true;
    }
}
