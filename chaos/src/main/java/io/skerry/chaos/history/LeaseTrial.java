package io.skerry.chaos.history;

import java.util.List;

/**
 * The life of one lease with a key that hangs on it.
 *
 * @param ttlNanos what the store granted
 * @param renewedNanos when each grant or renewal was sent that the store confirmed, in order
 * @param refusedNanos when the store first said that the lease is gone; {@link Call#NEVER} if never
 * @param goneNanos when a read that saw no key had returned; {@link Call#NEVER} if never
 * @param revokedNanos when we began to revoke it; {@link Call#NEVER} if we did not
 */
public record LeaseTrial(
        String key,
        long ttlNanos,
        List<Long> renewedNanos,
        long refusedNanos,
        long goneNanos,
        long revokedNanos) {
    public LeaseTrial {
        renewedNanos = List.copyOf(renewedNanos);
        if (renewedNanos.isEmpty()) {
            throw new IllegalArgumentException("a trial begins with a grant");
        }
    }

    @Override
    public String toString() {
        return "%s: ttl %s s, renewed at %s, refused %s, gone %s, revoked %s"
                .formatted(
                        key,
                        Call.seconds(ttlNanos),
                        renewedNanos.stream().map(Call::seconds).toList(),
                        when(refusedNanos),
                        when(goneNanos),
                        when(revokedNanos));
    }

    private static String when(long nanos) {
        return nanos == Call.NEVER ? "never" : "at " + Call.seconds(nanos);
    }
}
