package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.address.WireguardSecret;
import io.skerry.flannel.plan.DeviceSpec;
import io.skerry.flannel.plan.Tunnel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code linux/wireguard.h} says of a device, as messages of generic netlink. */
final class WireguardMessages {
    static final String KIND = "wireguard";

    private static final int CONTROL = 16;
    private static final int CONTROL_GET_FAMILY = 3;
    private static final int CONTROL_FAMILY_ID = 1;
    private static final int CONTROL_FAMILY_NAME = 2;

    private static final int GET_DEVICE = 0;
    private static final int SET_DEVICE = 1;
    private static final int VERSION = 1;
    private static final int GENERIC_HEADER_BYTES = 4;

    private static final int DEVICE_NAME = 2;
    private static final int DEVICE_PRIVATE_KEY = 3;
    private static final int DEVICE_LISTEN_PORT = 6;
    private static final int DEVICE_PEERS = 8;

    private static final int PEER_PUBLIC_KEY = 1;
    private static final int PEER_SHARED_KEY = 2;
    private static final int PEER_FLAGS = 3;
    private static final int PEER_ENDPOINT = 4;
    private static final int PEER_KEEPALIVE = 5;
    private static final int PEER_LAST_HANDSHAKE = 6;
    private static final int PEER_ALLOWED = 9;
    private static final int FLAG_REMOVE = 1;
    private static final int FLAG_REPLACE_ALLOWED = 2;

    private static final int ALLOWED_FAMILY = 1;
    private static final int ALLOWED_ADDRESS = 2;
    private static final int ALLOWED_LENGTH = 3;

    /** After this time without a new handshake two peers' keys are of no use any more. */
    private static final Duration HANDSHAKE_LIFE = Duration.ofMinutes(3);

    private WireguardMessages() {}

    static Message askNumber() {
        return generic("asking for WireGuard", CONTROL, Netlink.ACK, CONTROL_GET_FAMILY)
                .attribute(CONTROL_FAMILY_NAME, KIND);
    }

    static int readNumber(ByteBuffer body) {
        return new Attributes(body.position(GENERIC_HEADER_BYTES)).number16(CONTROL_FAMILY_ID);
    }

    private static Message generic(String about, int type, int flags, int command) {
        return new Message(about, type, flags).u8(command).u8(VERSION).u16(0);
    }

    static Message ask(int number, String device) {
        return generic("asking for the peers of " + device, number, Netlink.DUMP, GET_DEVICE)
                .attribute(DEVICE_NAME, device);
    }

    /**
     * A device and its peers.
     *
     * @param key empty if it has none yet
     */
    record Seen(Optional<WireguardSecret> key, int port, List<Tunnel> tunnels) {}

    /** A device with many peers comes in several messages, and so does a peer. */
    static Seen read(List<ByteBuffer> bodies, Instant now) {
        Optional<WireguardSecret> key = Optional.empty();
        int port = 0;
        var tunnels = new ArrayList<Tunnel>();
        for (ByteBuffer body : bodies) {
            var device = new Attributes(body.position(GENERIC_HEADER_BYTES));
            key = key.or(() -> secret(device, DEVICE_PRIVATE_KEY));
            port = Math.max(port, device.number16(DEVICE_LISTEN_PORT));
            for (Attributes peer : device.list(DEVICE_PEERS)) {
                tunnel(peer, now).ifPresent(tunnel -> add(tunnel, tunnels));
            }
        }
        return new Seen(key, port, tunnels);
    }

    /** A peer that comes again goes on with its subnets, and says nothing else. */
    private static void add(Tunnel tunnel, List<Tunnel> tunnels) {
        if (tunnels.isEmpty() || !tunnels.getLast().peer().equals(tunnel.peer())) {
            tunnels.add(tunnel);
            return;
        }
        Tunnel begun = tunnels.removeLast();
        Set<Cidr> subnets = new HashSet<>(begun.subnets());
        subnets.addAll(tunnel.subnets());
        tunnels.add(
                new Tunnel(
                        begun.peer(),
                        begun.shared(),
                        begun.host(),
                        begun.port(),
                        begun.keepaliveSeconds(),
                        subnets,
                        begun.alive()));
    }

    private static Optional<Tunnel> tunnel(Attributes peer, Instant now) {
        byte[] key = peer.bytes(PEER_PUBLIC_KEY);
        if (key == null || key.length != WireguardKey.BYTES) {
            return Optional.empty();
        }
        var subnets = new HashSet<Cidr>();
        for (Attributes allowed : peer.list(PEER_ALLOWED)) {
            allowed.address(ALLOWED_ADDRESS)
                    .ifPresent(address ->
                            subnets.add(Cidr.of(address, allowed.number8(ALLOWED_LENGTH))));
        }
        var endpoint = Optional.ofNullable(peer.bytes(PEER_ENDPOINT));
        return Optional.of(
                new Tunnel(
                        WireguardKey.of(key),
                        secret(peer, PEER_SHARED_KEY),
                        endpoint.map(SocketAddresses::host),
                        endpoint.map(SocketAddresses::port).orElse(0),
                        peer.number16(PEER_KEEPALIVE),
                        subnets,
                        isAlive(peer.bytes(PEER_LAST_HANDSHAKE), now)));
    }

    private static Optional<WireguardSecret> secret(Attributes of, int type) {
        byte[] bytes = of.bytes(type);
        return bytes == null
                        || bytes.length != WireguardKey.BYTES
                        || WireguardKey.of(bytes).isNone()
                ? Optional.empty()
                : Optional.of(WireguardSecret.of(bytes));
    }

    private static boolean isAlive(byte @Nullable [] lastHandshake, Instant now) {
        if (lastHandshake == null || lastHandshake.length < Long.BYTES) {
            return false;
        }
        long seconds = ByteBuffer.wrap(lastHandshake).order(ByteOrder.nativeOrder()).getLong();
        return Instant.ofEpochSecond(seconds).isAfter(now.minus(HANDSHAKE_LIFE));
    }

    static Message set(int number, DeviceSpec.Wireguard device) {
        return generic(
                        "giving device " + device.name() + " its key and port " + device.port(),
                        number,
                        Netlink.ACK,
                        SET_DEVICE)
                .attribute(DEVICE_NAME, device.name())
                .attribute(DEVICE_PRIVATE_KEY, device.key().bytes())
                .attributeU16(DEVICE_LISTEN_PORT, device.port());
    }

    static Message put(int number, String device, Tunnel tunnel) {
        Message message =
                generic("putting peer " + tunnel.peer(), number, Netlink.ACK, SET_DEVICE)
                        .attribute(DEVICE_NAME, device);
        int peers = message.begin(DEVICE_PEERS);
        int peer = message.begin(0);
        // A shared key of zeros is none, and takes away one that there was.
        message.attribute(PEER_PUBLIC_KEY, tunnel.peer().bytes())
                .attribute(
                        PEER_SHARED_KEY,
                        tunnel.shared()
                                .map(WireguardSecret::bytes)
                                .orElseGet(() -> new byte[WireguardKey.BYTES]))
                .attribute(PEER_FLAGS, FLAG_REPLACE_ALLOWED);
        tunnel.host()
                .ifPresent(host ->
                        message.attribute(PEER_ENDPOINT, SocketAddresses.of(host, tunnel.port())));
        message.attributeU16(PEER_KEEPALIVE, tunnel.keepaliveSeconds());
        int allowed = message.begin(PEER_ALLOWED);
        for (Cidr subnet : tunnel.subnets()) {
            int one = message.begin(0);
            message.attributeU16(ALLOWED_FAMILY, Netlink.number(subnet.family()))
                    .attribute(ALLOWED_ADDRESS, subnet.first().bytes())
                    .attributeU8(ALLOWED_LENGTH, subnet.length())
                    .end(one);
        }
        return message.end(allowed).end(peer).end(peers);
    }

    static Message remove(int number, String device, WireguardKey key) {
        Message message =
                generic("removing peer " + key, number, Netlink.ACK, SET_DEVICE)
                        .attribute(DEVICE_NAME, device);
        int peers = message.begin(DEVICE_PEERS);
        int peer = message.begin(0);
        message.attribute(PEER_PUBLIC_KEY, key.bytes()).attribute(PEER_FLAGS, FLAG_REMOVE);
        return message.end(peer).end(peers);
    }
}
