package io.skerry.etcd.server.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.server.FuzzedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Malformed bytes at the ports of a member that serves. {@code -Dfuzz.seconds=N} sets how long good
 * conversations are spoilt at random, {@code -Dseed=N} spoils in another way.
 */
class ListenerFuzzTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("fuzz.seconds", 8));
    private static final int AT_ONCE = 8;
    private static final int SLOW = 200;

    @TempDir private Path folder;
    private FuzzedServer server;
    private final long seed = Long.getLong("seed", 1);

    @BeforeEach
    void start() throws Exception {
        server = new FuzzedServer(folder);
        server.rememberUse();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void clientsPortOutlivesConversationsSpoiltAtRandom() throws Exception {
        var random = new Random(seed);
        List<Conversation> sound = ClientConversations.all();
        spoil(
                server.clientPort(),
                () ->
                        sound.get(random.nextInt(sound.size()))
                                .spoilt(random, sound.get(random.nextInt(sound.size()))));
    }

    @Test
    void peersPortOutlivesConversationsSpoiltAtRandom() throws Exception {
        var random = new Random(seed);
        var peers = new PeerConversations(server);
        spoil(server.peerPort(), () -> peers.garbage(random).spoilt(random, peers.garbage(random)));
    }

    @Test
    void jsonGatewayOutlivesContentsThatNobodyMeans() throws Exception {
        var random = new Random(seed);
        spoil(server.clientPort(), () -> HttpRequests.gateway(random));
    }

    @Test
    void v2ApiOutlivesContentsThatNobodyMeans() throws Exception {
        var random = new Random(seed);
        spoil(server.clientPort(), () -> HttpRequests.v2(random));
    }

    @Test
    void bothPortsServeBesideHundredsWhoAskAByteAtATime() throws Exception {
        byte[] slow = "GET /v2/keys/a HTTP/1.1\r\nHost: a\r\nX-Slow: yyyyy".getBytes(US_ASCII);
        byte[] slowPeer = new PeerConversations(server).claim();
        var open = new ArrayList<Attacker>();
        for (int i = 0; i < SLOW; i++) {
            open.add(Attacker.connect(server.clientPort()));
            open.add(Attacker.connect(server.peerPort()));
        }
        for (int at = 0; at < 20; at++) {
            for (int i = 0; i < open.size(); i++) {
                byte[] bytes = i % 2 == 0 ? slow : slowPeer;
                open.get(i).send(new byte[] {bytes[at]});
            }
        }
        server.requireHealth("while " + SLOW + " ask slowly at each port");
        server.requireBoundedMemory("while " + SLOW + " ask slowly at each port");
        for (Attacker attacker : open) {
            attacker.close();
        }
        server.requireNothingHeld("after the slow ones have gone");
        server.requireHealth("after the slow ones have gone");
    }

    private interface Source {
        byte[] next();
    }

    private void spoil(int port, Source source) throws Exception {
        String what = "conversations spoilt with -Dseed=" + seed;
        long end = System.nanoTime() + TIME.toNanos();
        int connections = 0;
        while (System.nanoTime() < end) {
            var open = new ArrayList<Attacker>();
            for (int i = 0; i < AT_ONCE; i++) {
                var attacker = Attacker.connect(port);
                attacker.send(source.next());
                open.add(attacker);
            }
            for (Attacker attacker : open) {
                attacker.requireClosed(what);
                attacker.close();
            }
            connections += AT_ONCE;
            if (connections % (AT_ONCE * 16) == 0) {
                server.requireHealth("after " + what);
            }
        }
        server.requireHealth("after " + what);
        server.requireBoundedMemory("after " + what);
        server.requireNothingHeld("after " + what);
        assertThat(connections).isPositive();
    }

    @Test
    void clientsPortOutlivesFloodsAndSmuggling() throws Exception {
        for (var flood : Floods.all().entrySet()) {
            String what = flood.getKey();
            try (var attacker = Attacker.connect(server.clientPort());
                    var deaf = Attacker.connectDeaf(server.clientPort())) {
                attacker.send(flood.getValue());
                deaf.send(flood.getValue());
                server.requireHealth("during " + what);
                server.requireBoundedMemory("during " + what);
                attacker.requireClosed(what);
            }
        }
        server.requireNothingHeld("after floods");
        server.requireHealth("after floods");
    }

    @Test
    void peersPortRefusesStrangersAndBrokenFrames() throws Exception {
        var peers = new PeerConversations(server);
        int number = 0;
        for (Conversation conversation : peers.refused()) {
            try (var attacker = Attacker.connect(server.peerPort())) {
                attacker.send(conversation.bytes());
                attacker.requireClosed("broken conversation " + number++);
            }
        }
        server.requireHealth("after broken frames");
        server.requireNothingHeld("after broken frames");
    }

    @Test
    void claimsOfLargeFramesTakeNoMemoryBeforeTheFramesCome() throws Exception {
        var peers = new PeerConversations(server);
        var open = new ArrayList<Attacker>();
        for (int i = 0; i < 100; i++) {
            var attacker = Attacker.connect(server.peerPort());
            attacker.send(peers.claim());
            open.add(attacker);
        }
        server.requireHealth("while 100 peers claim 64 MB each");
        server.requireBoundedMemory("while 100 peers claim 64 MB each");
        for (Attacker attacker : open) {
            attacker.close();
        }
        server.requireNothingHeld("after the claims");
    }
}
