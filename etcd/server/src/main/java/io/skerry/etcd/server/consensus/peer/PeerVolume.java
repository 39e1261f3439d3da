package io.skerry.etcd.server.consensus.peer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many bytes have gone to each peer and come from it. Thread-safe. */
public final class PeerVolume {
    private final Map<Long, Of> peers = new ConcurrentHashMap<>();

    PeerVolume() {}

    /** Of one peer, over all its connections. */
    record Of(LongAdder sent, LongAdder received) {}

    Of of(long peer) {
        return peers.computeIfAbsent(peer, _ -> new Of(new LongAdder(), new LongAdder()));
    }

    /** Bytes sent, by the peer's id in hex. */
    public Map<String, Long> sent() {
        var sums = new HashMap<String, Long>();
        peers.forEach((peer, of) -> sums.put(Long.toHexString(peer), of.sent.sum()));
        return sums;
    }

    /** Bytes received, by the peer's id in hex. */
    public Map<String, Long> received() {
        var sums = new HashMap<String, Long>();
        peers.forEach((peer, of) -> sums.put(Long.toHexString(peer), of.received.sum()));
        return sums;
    }
}
