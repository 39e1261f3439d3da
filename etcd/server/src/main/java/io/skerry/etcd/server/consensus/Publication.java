package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.PeerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Where members serve clients. Each tells its peers whenever it connects to them; what was heard is
 * kept in a file, so that a member that is down is still listed with its addresses.
 */
final class Publication {
    private static final Log LOG = Log.of(Publication.class);
    private static final int PUBLISH = 48;
    private static final int PUBLISHED = 49;
    private static final int MAX_BYTES = 16 << 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RaftOptions options;
    private final PeerNetwork network;
    private final Path file;
    private final Map<Long, List<String>> urls = new ConcurrentSkipListMap<>();

    Publication(RaftOptions options, PeerNetwork network) {
        this.options = options;
        this.network = network;
        this.file = options.directory().resolve("client-urls");
        read();
        options.members().stream()
                .filter(member -> member.id() == options.memberId())
                .forEach(member -> urls.put(member.id(), member.clientUrls()));
        network.handle(PUBLISH, this::heard);
        network.onConnected(this::tell);
    }

    /** All members with the addresses that are known by now. */
    List<RaftStatus.Member> members() {
        return options.members().stream()
                .map(member ->
                        new RaftStatus.Member(
                                member.id(),
                                member.name(),
                                member.peerUrls(),
                                urls.getOrDefault(member.id(), member.clientUrls())))
                .toList();
    }

    private void tell(long peer) {
        List<String> own = urls.getOrDefault(options.memberId(), List.of());
        var _ =
                network.request(
                        peer,
                        Lane.CONSENSUS,
                        PUBLISH,
                        ByteString.copyFromUtf8(String.join("\n", own)),
                        TIMEOUT);
    }

    private void heard(PeerRequest request) {
        if (request.payload().size() > MAX_BYTES) {
            request.channel().close("it publishes too much");
            return;
        }
        List<String> told =
                request.payload().toStringUtf8().lines().filter(url -> !url.isBlank()).toList();
        long peer = request.channel().peer();
        if (!told.equals(urls.put(peer, told))) {
            Thread.ofVirtual().name("publication").start(this::write);
        }
        request.reply(PUBLISHED, ByteString.EMPTY);
    }

    private void read() {
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    List<String> words = List.of(line.split(" ", -1));
                    urls.put(
                            Long.parseUnsignedLong(words.getFirst(), 16),
                            words.subList(1, words.size()));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Peers tell again; nothing rests on it.
            LOG.warn("known client URLs of peers cannot be read", "file", file, e);
        }
    }

    private synchronized void write() {
        var lines =
                urls.entrySet().stream()
                        .map(e ->
                                Long.toHexString(e.getKey()) + " " + String.join(" ", e.getValue()))
                        .toList();
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(options.directory());
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("client URLs of peers cannot be kept", "file", file, e);
        }
    }
}
