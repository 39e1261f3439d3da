package io.skerry.etcd.server;

import io.skerry.base.http.ListenUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Looks whether a member could listen where it shall, before it writes anything: a start that fails
 * for a port must not leave a data directory with an identity that the next start may not want.
 */
final class ListenAddresses {
    private ListenAddresses() {}

    /**
     * Tries every address of clients and peers.
     *
     * @throws IOException names the address, what is wrong with it, and what to do
     */
    static void requireFree(EtcdConfig config) throws IOException {
        for (ListenUrl url : config.listenClientUrls()) {
            if (url instanceof ListenUrl.Tcp(String host, int port, boolean _)) {
                tryOut(new InetSocketAddress(host, port), "at " + url, "--listen-client-urls");
            }
        }
        for (InetSocketAddress address : config.peerListenAddresses()) {
            tryOut(
                    address,
                    "for peers at " + address.getHostString() + ":" + address.getPort(),
                    "--listen-peer-urls");
        }
    }

    private static void tryOut(InetSocketAddress address, String where, String flag)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException(
                    "cannot listen "
                            + where
                            + ": the name "
                            + address.getHostString()
                            + " is not known; use an address of this machine in "
                            + flag);
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as servers do: connections that are ending do not count
            socket.bind(address);
        } catch (IOException e) {
            String text = String.valueOf(e.getMessage());
            String why =
                    text.contains("already in use")
                            ? "it is in use by another process; stop that or choose another in "
                                    + flag
                            : text.contains("Cannot assign")
                                    ? "this machine does not have that address; use one of its own"
                                            + " in "
                                            + flag
                                    : text.contains("Permission denied")
                                            ? "ports below 1024 need root; choose another in "
                                                    + flag
                                            : text;
            throw new IOException("cannot listen " + where + ": " + why, e);
        }
    }
}
