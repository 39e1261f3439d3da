package io.skerry.fleet.agent;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Guard.ModifiedAt;
import io.skerry.fleet.store.StoreTxn.Write;
import java.util.List;
import java.util.Optional;

/** How a machine enters the cluster, given what is registered under its id. */
public sealed interface Registration {
    /**
     * Write the machine under the present lease.
     *
     * @param formerLease the lease of this machine's former process, which is to be revoked when
     *     everything that hung on it has been written anew; 0 for none
     */
    record Enter(StoreTxn txn, long formerLease) implements Registration {}

    /** Another host that lives has the same machine id. */
    record Duplicate(MachineState other) implements Registration {}

    /**
     * Decides. A former process of the same boot, or a former boot of the host at the same address,
     * is taken over, and its units stay; the same id at another address is another host.
     */
    static Registration decide(MachineState self, Optional<Entry> existing, Keys keys)
            throws RegistryException {
        long revision = 0;
        long formerLease = 0;
        if (existing.isPresent()) {
            MachineState other = Codec.machine(existing.get());
            boolean sameHost =
                    other.bootId().equals(self.bootId())
                            || other.publicIp().equals(self.publicIp());
            if (!sameHost) {
                return new Duplicate(other);
            }
            revision = existing.get().modRevision();
            formerLease = existing.get().lease();
        }
        String key = keys.machine(self.id());
        return new Enter(
                new StoreTxn(
                        List.of(new ModifiedAt(key, revision)),
                        List.of(new Write.PutLeased(key, Codec.encode(self)))),
                formerLease);
    }
}
