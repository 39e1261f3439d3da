package io.skerry.containers.remote;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.log.Log;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.containers.containerd.Message;
import io.skerry.containers.image.DiskSpace;
import io.skerry.containers.image.ImageName;
import io.skerry.containers.image.Images;
import io.skerry.containers.run.ContainerException;
import io.skerry.containers.run.Containers;
import io.skerry.containers.run.HostContainerd;
import io.skerry.containers.run.PublishedPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers conversations about this host, and passes others on. A virtual thread for each. */
public final class HostService {
    private static final Log LOG = Log.of(HostService.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How often an archive's content lies on the disk while it is imported. */
    private static final int COPIES = 4;

    /** Finds other hosts. */
    @FunctionalInterface
    public interface Peers {
        /**
         * Where a machine's API is.
         *
         * @throws IOException says that there is none of that id, or that the store is away
         */
        URI find(String machineId) throws IOException;
    }

    /** Says who may ask for what. */
    @FunctionalInterface
    public interface Access {
        /**
         * Why a caller is refused; empty lets it pass.
         *
         * @param onlyReads whether it asks for a list and changes nothing
         */
        Optional<String> refusal(GrpcContext caller, boolean onlyReads);
    }

    private final String machineId;
    private final HostContainerd host;
    private final Containers containers;
    private final Network network;
    private final Peers peers;
    private final TlsFiles identity;
    private final Access access;

    /**
     * @param machineId of this host
     * @param identity with which this host turns to others, which ask whether it may in turn
     * @param access asked before anything is done or passed on
     */
    public HostService(
            String machineId,
            HostContainerd host,
            Containers containers,
            Network network,
            Peers peers,
            TlsFiles identity,
            Access access) {
        this.machineId = machineId;
        this.host = host;
        this.containers = containers;
        this.network = network;
        this.peers = peers;
        this.identity = identity;
        this.access = access;
    }

    /** Registers what this serves. */
    public GrpcRouter addTo(GrpcRouter router) {
        return router.stream(Conversation.METHOD, this::open);
    }

    private GrpcInbound<UnknownFieldSet> open(GrpcContext context, GrpcOutbound out) {
        var conversation = new Conversation().to(out);
        Thread.ofVirtual().name("containers-call").start(() -> serve(conversation, context));
        return conversation;
    }

    private void serve(Conversation client, GrpcContext context) {
        try {
            Message first = client.next(PATIENCE);
            if (first == null) {
                return;
            }
            Request request = Request.parse(first.text(Conversation.REQUEST));
            var refusal = access.refusal(context, request.onlyReads());
            if (refusal.isPresent()) {
                LOG.warn("refused", "why", refusal.get(), "from", context.remoteAddress());
                throw new GrpcException(GrpcCode.PERMISSION_DENIED, refusal.get());
            }
            if (first.text(Conversation.MACHINE).equals(machineId)) {
                if (!request.onlyReads()) {
                    // Not the whole request: words of a command may be secrets.
                    LOG.info(
                            "asked by a client",
                            "request",
                            request.getClass().getSimpleName(),
                            "about",
                            request.subject(),
                            "from",
                            context.remoteAddress());
                }
                Object result = answer(client, request);
                client.send(
                        Message.EMPTY.with(Conversation.RESULT, JSON.writeValueAsString(result)));
                client.complete();
            } else {
                passOn(client, first);
            }
        } catch (GrpcException e) {
            client.fail(e);
        } catch (ContainerException | IOException e) {
            client.fail(
                    new GrpcException(
                            GrpcCode.FAILED_PRECONDITION, String.valueOf(e.getMessage()), e));
        } catch (InterruptedException e) {
            client.fail(new GrpcException(GrpcCode.CANCELLED, "this host stops", e));
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a request about containers failed", e);
            client.fail(new GrpcException(GrpcCode.INTERNAL, String.valueOf(e.getMessage()), e));
        }
    }

    private Object answer(Conversation client, Request request)
            throws ContainerException, GrpcException, IOException, InterruptedException {
        return switch (request) {
            case Request.ListImages() -> listImages();
            case Request.ListContainers() -> listContainers();
            case Request.RemoveImage(String name) ->
                    Map.of("removed", new Images(host.client()).remove(name(name)));
            case Request.ImportImage(String name, long bytes) -> importImage(client, name, bytes);
            case Request.Exec exec ->
                    Map.of("exitCode", new ExecCall(client).run(containers, exec));
        };
    }

    private static ImageName name(String text) throws ContainerException {
        try {
            return new ImageName(text);
        } catch (IllegalArgumentException e) {
            throw new ContainerException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Object> listImages()
            throws ContainerException, GrpcException, IOException, InterruptedException {
        var images = new ArrayList<Object>();
        for (Images.Known image : new Images(host.client()).list()) {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("name", image.stored().name());
            tree.put("digest", image.stored().target().digest());
            tree.put("bytes", image.bytes());
            tree.put("updated", image.stored().updated().toString());
            images.add(tree);
        }
        return images;
    }

    private List<Object> listContainers() throws ContainerException, IOException {
        var running = new ArrayList<Object>();
        for (Containers.Running container : containers.list()) {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("name", container.name().value());
            tree.put("address", container.address());
            tree.put("ports", container.ports().stream().map(PublishedPort::toString).toList());
            running.add(tree);
        }
        return running;
    }

    private List<String> importImage(Conversation client, String name, long bytes)
            throws ContainerException, GrpcException, IOException, InterruptedException {
        Optional<ImageName> rename = name.isEmpty() ? Optional.empty() : Optional.of(name(name));
        Path scratch = Files.createDirectories(host.scratch());
        // The archive, what is in it, and the images: before it comes, to the one who waits for it.
        var space = new DiskSpace(scratch);
        space.require(bytes * COPIES);
        Path archive = Files.createTempFile(scratch, "image", ".tar");
        try {
            try (OutputStream out = Files.newOutputStream(archive)) {
                for (Message part = client.next(PATIENCE);
                        part == null || part.number(Conversation.END) == 0;
                        part = client.next(PATIENCE)) {
                    if (part == null) {
                        throw new IOException("the archive ended before its end");
                    }
                    space.require(part.bytes(Conversation.DATA).size());
                    part.bytes(Conversation.DATA).writeTo(out);
                }
            }
            return new Images(host.client()).importArchive(archive, rename, scratch);
        } finally {
            Files.delete(archive);
        }
    }

    /** Hands each message over as it comes; the two ends see to it that they are not too many. */
    private void passOn(Conversation client, Message first)
            throws GrpcException, IOException, InterruptedException {
        URI peer = peers.find(first.text(Conversation.MACHINE));
        try (var transport =
                new NetworkTransport(
                        network, NetworkTransport.Options.of(List.of(peer), identity))) {
            var relay = new Relay(client);
            GrpcOutbound there = transport.stream(Conversation.METHOD, relay);
            there.send(first.fields().toByteString());
            client.passOnTo(there);
            relay.awaitEnd();
        }
    }

    /** Carries what another host says to the client. */
    private static final class Relay implements GrpcInbound<UnknownFieldSet> {
        private final Conversation client;
        private final java.util.concurrent.CompletableFuture<Optional<GrpcException>> end =
                new java.util.concurrent.CompletableFuture<>();

        Relay(Conversation client) {
            this.client = client;
        }

        @Override
        public void message(UnknownFieldSet message) {
            client.send(new Message(message));
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {
            end.complete(Optional.ofNullable(reason));
        }

        void awaitEnd() throws GrpcException, InterruptedException {
            try {
                var failure = end.get();
                if (failure.isPresent()) {
                    throw failure.get();
                }
                client.complete();
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException("the end of a relay never fails", e);
            }
        }
    }
}
