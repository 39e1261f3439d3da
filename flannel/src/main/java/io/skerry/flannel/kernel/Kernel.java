package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.plan.Change;
import io.skerry.flannel.plan.Observed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What this module needs of the kernel's network. For one thread at a time. */
public interface Kernel extends AutoCloseable {
    /**
     * An interface with its addresses, but for those that mean something on one link only.
     *
     * @param index its number
     */
    record Interface(String name, int index, int mtu, boolean up, List<Cidr> addresses) {
        public Interface {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * How packets to some address leave the host.
     *
     * @param device number of the interface
     * @param source the address they come from
     */
    record Way(int device, Optional<Ip> source) {}

    /** Whether the kernel can make devices of a kind, for which it may have to load a module. */
    boolean makes(String kind) throws IOException;

    List<Interface> interfaces() throws IOException;

    /** How packets to an address would leave; empty if they cannot. */
    Optional<Way> wayTo(Ip address) throws IOException;

    /** The interface of the default route of a family. */
    Optional<Integer> defaultDevice(Family family) throws IOException;

    /**
     * What is there.
     *
     * @param device the overlay's, by name; empty if the backend has none
     * @param family whose addresses, routes and neighbours are of interest
     */
    Observed observe(Optional<String> device, Family family) throws IOException;

    /**
     * Carries changes out in their order, whatever becomes of those before.
     *
     * @return what the kernel refused, in words
     */
    List<String> apply(List<Change> changes) throws IOException;

    @Override
    void close();
}
