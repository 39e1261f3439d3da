package io.skerry.flannel.daemon;

import io.skerry.flannel.proxy.HostTable;
import java.io.IOException;

/**
 * Who carries the udp backend's packets. Used by the daemon's thread only, but for {@link #counts}.
 */
interface PacketCarrier {
    /** Packets to other hosts, from them, and those that could not be carried. */
    record Counts(long sent, long received, long dropped) {}

    /** Sees to it that packets are carried to those hosts. */
    void carry(HostTable hosts) throws IOException, InterruptedException;

    Counts counts();

    /** Whether it should be looked after again soon. */
    boolean isBroken();

    /** Whether packets travel only while this program runs. */
    boolean endsWithProgram();

    /** This program ends: packets travel on where they can. */
    void leave();

    /** The network ends on this host. */
    void end() throws IOException, InterruptedException;
}
