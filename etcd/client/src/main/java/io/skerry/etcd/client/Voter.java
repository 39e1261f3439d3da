package io.skerry.etcd.client;

import java.util.List;

/**
 * A member that votes in the store.
 *
 * @param clientUrls where it says that clients reach it; none before it has started
 * @param peerUrls where other members reach it
 */
public record Voter(List<String> clientUrls, List<String> peerUrls) {
    /** Keeps its own copies. */
    public Voter {
        clientUrls = List.copyOf(clientUrls);
        peerUrls = List.copyOf(peerUrls);
    }
}
