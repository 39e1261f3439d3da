package io.skerry.flannel.kernel;

import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.plan.DeviceSpec;
import io.skerry.flannel.plan.Tunnel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys and peers of WireGuard's devices, over generic netlink. For one thread at a time. */
final class WireguardDevices implements AutoCloseable {
    private final NetlinkSocket socket;
    private final List<Message> waiting = new ArrayList<>();

    /** What the kernel calls WireGuard; 0 until it was asked, as the module may come later. */
    private int number;

    private WireguardDevices(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** In the network namespace of the calling thread. */
    static WireguardDevices open() throws IOException {
        return new WireguardDevices(NetlinkSocket.forGenericRequests());
    }

    private int number() throws IOException {
        if (number == 0) {
            for (int told :
                    socket.dump(
                            WireguardMessages.askNumber(),
                            body -> Optional.of(WireguardMessages.readNumber(body)))) {
                number = told;
            }
        }
        return number;
    }

    WireguardMessages.Seen read(String device) throws IOException {
        List<ByteBuffer> bodies =
                socket.dump(
                        WireguardMessages.ask(number(), device),
                        body -> Optional.of(NetlinkSocket.copy(body)));
        return WireguardMessages.read(bodies, Instant.now());
    }

    /** Notes a change; {@link #carryOut} has it made. */
    void set(DeviceSpec.Wireguard device) throws IOException {
        waiting.add(WireguardMessages.set(number(), device));
    }

    /** Notes a change; {@link #carryOut} has it made. */
    void put(String device, Tunnel tunnel) throws IOException {
        waiting.add(WireguardMessages.put(number(), device, tunnel));
    }

    /** Notes a change; {@link #carryOut} has it made. */
    void remove(String device, WireguardKey peer) throws IOException {
        waiting.add(WireguardMessages.remove(number(), device, peer));
    }

    /** Has all that was noted made, in its order. */
    List<NetlinkSocket.Outcome> carryOut() throws IOException {
        try {
            return socket.carryOut(waiting);
        } finally {
            waiting.clear();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
