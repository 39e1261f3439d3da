package io.skerry.containers.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.containers.containerd.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the hosts of a cluster about their images and containers, through any of them. */
public final class HostClient implements AutoCloseable {
    /** A first call may have to wait for the host's containerd, which makes its images then. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration IMPORT_PATIENCE = Duration.ofMinutes(20);

    private final NetworkTransport transport;

    /**
     * @param hosts where APIs are; each passes on to the one that is meant
     */
    public HostClient(Network network, List<URI> hosts, @Nullable TlsFiles identity)
            throws IOException {
        transport = new NetworkTransport(network, NetworkTransport.Options.of(hosts, identity));
    }

    /** An image that a host has. */
    public record HostImage(String name, String digest, long bytes, String updated) {}

    /** A container that a host runs. */
    public record HostContainer(String name, String address, List<String> ports) {
        public HostContainer {
            ports = List.copyOf(ports);
        }
    }

    public List<HostImage> images(String machineId) throws IOException, InterruptedException {
        var images = new ArrayList<HostImage>();
        for (JsonNode image : ask(machineId, new Request.ListImages(), PATIENCE)) {
            images.add(
                    new HostImage(
                            image.path("name").asText(),
                            image.path("digest").asText(),
                            image.path("bytes").asLong(),
                            image.path("updated").asText()));
        }
        return images;
    }

    public List<HostContainer> containers(String machineId)
            throws IOException, InterruptedException {
        var containers = new ArrayList<HostContainer>();
        for (JsonNode container : ask(machineId, new Request.ListContainers(), PATIENCE)) {
            var ports = new ArrayList<String>();
            container.path("ports").forEach(port -> ports.add(port.asText()));
            containers.add(
                    new HostContainer(
                            container.path("name").asText(),
                            container.path("address").asText(),
                            ports));
        }
        return containers;
    }

    /** False when the host has no image of that name. */
    public boolean removeImage(String machineId, String name)
            throws IOException, InterruptedException {
        return ask(machineId, new Request.RemoveImage(name), PATIENCE).path("removed").asBoolean();
    }

    /**
     * Sends an image archive to a host.
     *
     * @param name empty: as the archive says
     * @return what the images are called now
     */
    public List<String> importImage(String machineId, Path archive, String name)
            throws IOException, InterruptedException {
        try (InputStream data = Files.newInputStream(archive)) {
            Conversation host = open(machineId, new Request.ImportImage(name, Files.size(archive)));
            var part = new byte[Conversation.PART_BYTES];
            for (int n = data.read(part); n >= 0; n = data.read(part)) {
                host.sendPart(Conversation.DATA, part, n);
            }
            host.send(Message.EMPTY.with(Conversation.END, 1));
            var names = new ArrayList<String>();
            result(host, IMPORT_PATIENCE).forEach(found -> names.add(found.asText()));
            return names;
        } catch (GrpcException e) {
            throw failure(e);
        }
    }

    /** Where a command's input comes from and its output goes to. */
    public interface ExecStreams {
        /** Some bytes of input; null when there are no more. Called by a thread of its own. */
        byte @Nullable [] read() throws IOException;

        void output(byte[] bytes) throws IOException;

        void errorOutput(byte[] bytes) throws IOException;
    }

    /**
     * Runs a command in a container.
     *
     * @param rows of the terminal; 0: there is none
     * @return its exit code
     */
    public int exec(
            String machineId,
            String container,
            List<String> command,
            int rows,
            int columns,
            ExecStreams streams)
            throws IOException, InterruptedException {
        Conversation host = open(machineId, new Request.Exec(container, command, rows, columns));
        var input = Thread.ofPlatform().daemon().start(() -> feed(host, streams));
        try {
            while (true) {
                Message message = next(host, Duration.ofDays(365));
                if (message.has(Conversation.DATA)) {
                    streams.output(message.bytes(Conversation.DATA).toByteArray());
                } else if (message.has(Conversation.ERROR_OUTPUT)) {
                    streams.errorOutput(message.bytes(Conversation.ERROR_OUTPUT).toByteArray());
                } else if (message.has(Conversation.RESULT)) {
                    return parse(message).path("exitCode").asInt(1);
                }
            }
        } catch (GrpcException e) {
            throw failure(e);
        } finally {
            input.interrupt();
        }
    }

    private static void feed(Conversation host, ExecStreams streams) {
        try {
            for (byte[] bytes = streams.read(); bytes != null; bytes = streams.read()) {
                host.sendPart(Conversation.DATA, bytes, bytes.length);
            }
            host.send(Message.EMPTY.with(Conversation.END, 1));
        } catch (IOException | GrpcException e) {
            // The command has ended, or will read an end of its input when this client goes.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode ask(String machineId, Request request, Duration patience)
            throws IOException, InterruptedException {
        try {
            return result(open(machineId, request), patience);
        } catch (GrpcException e) {
            throw failure(e);
        }
    }

    private Conversation open(String machineId, Request request) {
        var conversation = new Conversation();
        conversation.to(transport.stream(Conversation.METHOD, conversation));
        conversation.send(
                Message.EMPTY
                        .with(Conversation.MACHINE, machineId)
                        .with(Conversation.REQUEST, request.json()));
        return conversation;
    }

    private static JsonNode result(Conversation host, Duration patience)
            throws GrpcException, IOException, InterruptedException {
        while (true) {
            Message message = next(host, patience);
            if (message.has(Conversation.RESULT)) {
                return parse(message);
            }
        }
    }

    private static Message next(Conversation host, Duration patience)
            throws GrpcException, InterruptedException {
        Message message = host.next(patience);
        if (message == null) {
            throw new GrpcException(GrpcCode.INTERNAL, "the host ended without an answer");
        }
        return message;
    }

    private static JsonNode parse(Message message) throws IOException {
        return Request.JSON.readTree(message.text(Conversation.RESULT));
    }

    private static IOException failure(GrpcException e) {
        String why =
                e.code() == GrpcCode.UNIMPLEMENTED
                        ? "the host runs no containers: its program is older, or its node.yaml"
                                + " says \"containers: false\""
                        : String.valueOf(e.getMessage());
        return new IOException(why, e);
    }

    @Override
    public void close() {
        transport.close();
    }
}
