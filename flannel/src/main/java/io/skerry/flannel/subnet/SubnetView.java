package io.skerry.flannel.subnet;

import java.util.List;

/**
 * Everything that a choice of a subnet depends on, as it was at one revision.
 *
 * @param config the text of the network's configuration
 * @param configRevision of its last change
 */
public record SubnetView(
        String config, long configRevision, List<Lease> leases, List<Remembered> remembered) {
    public SubnetView {
        leases = List.copyOf(leases);
        remembered = List.copyOf(remembered);
    }
}
