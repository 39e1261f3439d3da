package io.skerry.flannel.subnet;

import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.address.Cidr;
import java.util.List;

/**
 * Everything that a choice of a subnet depends on, as it was at one revision.
 *
 * @param config the text of the network's configuration
 * @param configRevision of its last change
 * @param unreadable subnets of keys whose values are no leases: whose they are is not known, and
 *     nobody can claim them
 */
public record SubnetView(
        String config,
        long configRevision,
        List<Lease> leases,
        List<Cidr> unreadable,
        List<Remembered> remembered) {
    public SubnetView {
        leases = List.copyOf(leases);
        unreadable = List.copyOf(unreadable);
        remembered = List.copyOf(remembered);
    }

    /** That of these entries of a store. */
    public static SubnetView of(
            KeyValue config,
            List<KeyValue> subnets,
            LeaseReader reader,
            List<Remembered> remembered) {
        List<Lease> leases = reader.read(subnets);
        return new SubnetView(
                config.text(),
                config.modRevision(),
                leases,
                LeaseReader.unreadable(subnets, leases),
                remembered);
    }
}
