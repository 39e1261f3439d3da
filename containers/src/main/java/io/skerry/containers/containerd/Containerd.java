package io.skerry.containers.containerd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * containerd's images, content and snapshots in one of its namespaces. Calls block; thread-safe.
 *
 * <p>containerd removes by itself what no image and no lease refers to. What an import writes is
 * therefore written through {@link #leased}.
 */
public final class Containerd implements AutoCloseable {
    /** Whose snapshots are used. */
    public static final String SNAPSHOTTER = "overlayfs";

    private static final String SERVICES = "containerd.services.";
    private static final String NAMESPACE = "containerd-namespace";
    private static final String LEASE = "containerd-lease";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration UNPACK_DEADLINE = Duration.ofMinutes(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final Duration LEASE_TIME = Duration.ofHours(1);
    private static final int MAX_BLOB_IN_MEMORY = 8 << 20;

    private final Network network;
    private final Path socket;
    private final String namespace;
    private final String lease;
    private final NetworkTransport transport;

    private Containerd(Network network, Path socket, String namespace, String lease)
            throws IOException {
        this.network = network;
        this.socket = socket;
        this.namespace = namespace;
        this.lease = lease;
        var metadata = new HashMap<>(Map.of(NAMESPACE, namespace));
        if (!lease.isEmpty()) {
            metadata.put(LEASE, lease);
        }
        this.transport =
                new NetworkTransport(
                        network,
                        new NetworkTransport.Options(
                                List.of(URI.create("unix://" + socket)),
                                null,
                                metadata,
                                16 << 20,
                                Duration.ofSeconds(5)));
    }

    /** A client of the containerd at a socket; connects when it is first needed. */
    public static Containerd at(Network network, Path socket, String namespace) throws IOException {
        return new Containerd(network, socket, namespace, "");
    }

    /** Makes the namespace unless it is there. */
    public void ensureNamespace() throws GrpcException, InterruptedException {
        callUnlessThere(
                "namespaces.v1.Namespaces",
                "Create",
                Message.EMPTY.with(1, Message.EMPTY.with(1, namespace)));
    }

    /** A client that keeps all it writes until it is closed, or for an hour if it never is. */
    public Containerd leased() throws GrpcException, IOException, InterruptedException {
        String expiry = Instant.now().plus(LEASE_TIME).toString();
        Message request =
                Message.EMPTY
                        .with(1, "skerry-" + java.util.UUID.randomUUID())
                        .with(3, Map.of("containerd.io/gc.expire", expiry));
        Message created = call("leases.v1.Leases", "Create", request).message(1);
        return new Containerd(network, socket, namespace, created.text(1));
    }

    /** All images, in no particular order. */
    public List<StoredImage> images() throws GrpcException, InterruptedException {
        return call("images.v1.Images", "List", Message.EMPTY).messages(1).stream()
                .map(StoredImage::of)
                .toList();
    }

    public Optional<StoredImage> image(String name) throws GrpcException, InterruptedException {
        try {
            Message found = call("images.v1.Images", "Get", Message.EMPTY.with(1, name)).message(1);
            return Optional.of(StoredImage.of(found));
        } catch (GrpcException e) {
            return absent(e);
        }
    }

    /** Gives a name to a manifest, be it new or another's so far. */
    public void putImage(String name, Descriptor target)
            throws GrpcException, InterruptedException {
        Message image = Message.EMPTY.with(1, name).with(3, target.message());
        if (!callUnlessThere("images.v1.Images", "Create", Message.EMPTY.with(1, image))) {
            call("images.v1.Images", "Update", Message.EMPTY.with(1, image));
        }
    }

    /**
     * Takes a name away; what nothing refers to any more is removed before this returns.
     *
     * @return false when there is no such name
     */
    public boolean deleteImage(String name) throws GrpcException, InterruptedException {
        try {
            call("images.v1.Images", "Delete", Message.EMPTY.with(1, name).with(2, 1));
            return true;
        } catch (GrpcException e) {
            return absent(e).isPresent();
        }
    }

    /** Reads small content: a manifest or a configuration. */
    public byte[] read(Descriptor content) throws GrpcException, IOException, InterruptedException {
        if (content.size() > MAX_BLOB_IN_MEMORY) {
            throw new IOException(
                    content.digest()
                            + " has "
                            + content.size()
                            + " bytes; at most "
                            + MAX_BLOB_IN_MEMORY
                            + " are read");
        }
        try (var answers = new Answers()) {
            answers.open(
                    transport.stream(method("content.v1.Content", "Read"), answers),
                    Message.EMPTY.with(1, content.digest()));
            var bytes = ByteString.EMPTY;
            for (var part = answers.next(DEADLINE);
                    part.isPresent();
                    part = answers.next(DEADLINE)) {
                bytes = bytes.concat(part.get().bytes(2));
            }
            return bytes.toByteArray();
        }
    }

    /**
     * Writes content, which must be what its descriptor says.
     *
     * @param labels that name what it refers to
     */
    public void write(Descriptor content, InputStream data, Map<String, String> labels)
            throws GrpcException, IOException, InterruptedException {
        try (var answers = new Answers()) {
            new ContentWriter(
                            answers,
                            transport.stream(method("content.v1.Content", "Write"), answers))
                    .write(content, data, labels);
        } catch (GrpcException e) {
            if (e.code() != GrpcCode.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    public boolean hasSnapshot(String key) throws GrpcException, InterruptedException {
        try {
            call("snapshots.v1.Snapshots", "Stat", snapshot(key));
            return true;
        } catch (GrpcException e) {
            return absent(e).isPresent();
        }
    }

    /** The keys of all snapshots that have a label. */
    public List<String> snapshotsWith(String label) throws GrpcException, InterruptedException {
        Message request = Message.EMPTY.with(1, SNAPSHOTTER).with(2, "labels.\"" + label + "\"");
        var keys = new ArrayList<String>();
        try (var answers = new Answers()) {
            answers.open(
                    transport.stream(method("snapshots.v1.Snapshots", "List"), answers), request);
            for (var part = answers.next(DEADLINE);
                    part.isPresent();
                    part = answers.next(DEADLINE)) {
                part.get().messages(1).forEach(info -> keys.add(info.text(1)));
            }
        }
        return keys;
    }

    /** Makes a snapshot that can be written to, on top of another or of nothing (""). */
    public List<Mount> prepare(String key, String parent, Map<String, String> labels)
            throws GrpcException, InterruptedException {
        Message request =
                Message.EMPTY.with(1, SNAPSHOTTER).with(2, key).with(3, parent).with(4, labels);
        return call("snapshots.v1.Snapshots", "Prepare", request).messages(1).stream()
                .map(Mount::of)
                .toList();
    }

    /** How much a snapshot takes on the disk, without those that it builds on. */
    public long snapshotBytes(String key) throws GrpcException, InterruptedException {
        return call("snapshots.v1.Snapshots", "Usage", snapshot(key)).number(1);
    }

    /** Makes a snapshot read-only under a new name, unless there is one of that name already. */
    public void commit(String key, String name) throws GrpcException, InterruptedException {
        callUnlessThere(
                "snapshots.v1.Snapshots",
                "Commit",
                Message.EMPTY.with(1, SNAPSHOTTER).with(2, name).with(3, key));
    }

    /** Removes a snapshot; true also when there is none. */
    public void remove(String key) throws GrpcException, InterruptedException {
        try {
            call("snapshots.v1.Snapshots", "Remove", snapshot(key));
        } catch (GrpcException e) {
            var _ = absent(e);
        }
    }

    /** Looks, while something takes its time, whether it may go on. */
    @FunctionalInterface
    public interface Lookout {
        /** Throws when it may not. */
        void look() throws GrpcException, IOException, InterruptedException;
    }

    /**
     * Unpacks a layer into mounts; gives the digest of the layer when it is not compressed.
     *
     * @param lookout asked again and again; what it throws ends the unpacking
     */
    public String unpack(Descriptor layer, List<Mount> mounts, Lookout lookout)
            throws GrpcException, IOException, InterruptedException {
        Message request = Message.EMPTY.with(1, layer.message());
        for (Mount mount : mounts) {
            request = request.with(2, mount.message());
        }
        long end = System.nanoTime() + UNPACK_DEADLINE.toNanos();
        try (var answers = new Answers()) {
            answers.open(transport.stream(method("diff.v1.Diff", "Apply"), answers), request);
            while (!answers.hasCome(BETWEEN_LOOKS) && System.nanoTime() < end) {
                lookout.look();
            }
            return answers.next(Duration.ZERO)
                    .orElseThrow(() ->
                            new GrpcException(
                                    GrpcCode.INTERNAL, "containerd ended without an answer"))
                    .message(1)
                    .text(2);
        }
    }

    private static Message snapshot(String key) {
        return Message.EMPTY.with(1, SNAPSHOTTER).with(2, key);
    }

    /** Empty when the failure says that the thing is not there. */
    private static <T> Optional<T> absent(GrpcException failure) throws GrpcException {
        if (failure.code() != GrpcCode.NOT_FOUND) {
            throw failure;
        }
        return Optional.empty();
    }

    /** False when what shall be made is there already. */
    private boolean callUnlessThere(String service, String name, Message request)
            throws GrpcException, InterruptedException {
        try {
            call(service, name, request);
            return true;
        } catch (GrpcException e) {
            if (e.code() != GrpcCode.ALREADY_EXISTS) {
                throw e;
            }
            return false;
        }
    }

    private Message call(String service, String name, Message request)
            throws GrpcException, InterruptedException {
        return call(service, name, request, DEADLINE);
    }

    private Message call(String service, String name, Message request, Duration deadline)
            throws GrpcException, InterruptedException {
        try {
            return new Message(
                    transport.unary(method(service, name), request.fields(), deadline).get());
        } catch (ExecutionException e) {
            throw GrpcException.from(e);
        }
    }

    private static GrpcMethod<UnknownFieldSet, UnknownFieldSet> method(
            String service, String name) {
        return new GrpcMethod<>(SERVICES + service, name, Message.PARSER, Message.PARSER);
    }

    /** Gives a lease back, if this has one. */
    @Override
    public void close() {
        try {
            if (!lease.isEmpty()) {
                call("leases.v1.Leases", "Delete", Message.EMPTY.with(1, lease));
            }
        } catch (GrpcException e) {
            // It expires by itself; what it kept is removed then.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            transport.close();
        }
    }
}
