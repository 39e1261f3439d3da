package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.client.Voter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StoreMembersTest {
    @Test
    void areLookedForWhereOtherHostsReachThem() {
        var usual = voter("https://10.0.0.1:2379", "https://10.0.0.1:2380");
        var sloppy = voter("http://localhost:2379", "http://10.0.0.2:2380");
        var notStarted = new Voter(List.of(), List.of("http://10.0.0.3:2380"));
        var alone = voter("http://127.0.0.1:2379", "http://[::1]:2380");

        assertThat(StoreMembers.addresses(List.of(usual, sloppy, notStarted, alone)))
                .extracting(URI::toString)
                .containsExactly(
                        "https://10.0.0.1:2379",
                        "http://10.0.0.2:2380",
                        "http://10.0.0.3:2380",
                        "http://127.0.0.1:2379");
    }

    @Test
    void areAskedFor() throws Exception {
        var told = new CompletableFuture<List<URI>>();
        var one = voter("http://10.0.0.1:2379", "http://10.0.0.1:2380");
        try (var _ = new StoreMembers(() -> List.of(one), told::complete)) {
            assertThat(told.get(60, TimeUnit.SECONDS))
                    .containsExactly(URI.create("http://10.0.0.1:2379"));
        }
    }

    private static Voter voter(String clientUrl, String peerUrl) {
        return new Voter(List.of(clientUrl), List.of(peerUrl));
    }
}
