package io.skerry.etcd.ctl.remote;

import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of the store, signed in if a user is given. Requests that surely reached no member are
 * sent again until the command's time is over, as those are that change nothing. Thread-safe.
 */
public final class Remote implements AutoCloseable {
    /** Whether a request may be sent again when nobody knows if it was carried out. */
    public enum Effect {
        READS,
        WRITES
    }

    private static final long PAUSE_MILLIS = 50;
    private static final String NOT_ENABLED = "etcdserver: authentication is not enabled";

    private final Settings settings;
    private final Console console;
    private final Network network;
    private final NetworkTransport transport;

    /** Made when it is first asked for; guarded by this. */
    private @Nullable EtcdClient client;

    private Remote(
            Settings settings, Console console, Network network, NetworkTransport transport) {
        this.settings = settings;
        this.console = console;
        this.network = network;
        this.transport = transport;
    }

    public static Remote connect(Settings settings, Console console)
            throws CtlFailure, InterruptedException {
        var network = Network.start(1);
        try {
            Remote anonymous = over(network, settings, console, null);
            if (settings.user().isEmpty()) {
                return anonymous;
            }
            try {
                String token = anonymous.signIn(settings.user().get());
                return over(network, settings, console, token);
            } catch (GrpcException e) {
                if (e.getMessage() != null && e.getMessage().equals(NOT_ENABLED)) {
                    return anonymous;
                }
                throw new CtlFailure(ExitStatus.BAD_CONNECTION, words(e));
            }
        } catch (CtlFailure | InterruptedException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static Remote over(
            Network network, Settings settings, Console console, @Nullable String token)
            throws CtlFailure {
        var metadata = new HashMap<String, String>(Map.of("hasleader", "true"));
        if (token != null) {
            metadata.put("token", token);
        }
        var options =
                new NetworkTransport.Options(
                        settings.uris(),
                        settings.files(),
                        metadata,
                        Integer.MAX_VALUE,
                        settings.dialTimeout());
        try {
            return new Remote(
                    settings,
                    console,
                    network,
                    new NetworkTransport(network, options, settings.trust()));
        } catch (IOException e) {
            throw CtlFailure.arguments(String.valueOf(e.getMessage()));
        }
    }

    private String signIn(Settings.User user) throws GrpcException, InterruptedException {
        var request =
                AuthenticateRequest.newBuilder()
                        .setNameBytes(ByteText.bytes(user.name()))
                        .setPasswordBytes(ByteText.bytes(user.password()))
                        .build();
        return attempt(EtcdMethods.AUTHENTICATE, request, Effect.READS, settings.commandTimeout())
                .getToken();
    }

    public Settings settings() {
        return settings;
    }

    public Console console() {
        return console;
    }

    /** A request that changes nothing. */
    public <Q extends MessageLite, R extends MessageLite> R read(GrpcMethod<Q, R> method, Q request)
            throws CtlFailure, InterruptedException {
        return call(method, request, Effect.READS, ExitStatus.ERROR);
    }

    /** A request that changes something. */
    public <Q extends MessageLite, R extends MessageLite> R write(
            GrpcMethod<Q, R> method, Q request) throws CtlFailure, InterruptedException {
        return call(method, request, Effect.WRITES, ExitStatus.ERROR);
    }

    /** A request that ends the program with a status of its own if it fails. */
    public <Q extends MessageLite, R extends MessageLite> R call(
            GrpcMethod<Q, R> method, Q request, Effect effect, int status)
            throws CtlFailure, InterruptedException {
        try {
            return attempt(method, request, effect, settings.commandTimeout());
        } catch (GrpcException e) {
            throw new CtlFailure(status, words(e));
        }
    }

    /** A request whose failure the caller handles. */
    public <Q extends MessageLite, R extends MessageLite> R attempt(
            GrpcMethod<Q, R> method, Q request, Effect effect, Duration timeout)
            throws GrpcException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        if (settings.debug()) {
            console.log("debug", "request " + method.path());
        }
        for (int attempt = 0; ; attempt++) {
            try {
                var left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
                return transport.unary(method, request, left).get();
            } catch (ExecutionException e) {
                GrpcException failure = GrpcException.from(e);
                warn(failure, attempt);
                boolean again =
                        failure.neverSent()
                                || (failure.code() == GrpcCode.UNAVAILABLE
                                        && effect == Effect.READS);
                if (!again) {
                    throw failure;
                }
                if (end - System.nanoTime() <= TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS)) {
                    throw new GrpcException(
                            GrpcCode.DEADLINE_EXCEEDED, "context deadline exceeded", failure);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** Each failure once: a member that is down is tried many times a second. */
    private void warn(GrpcException failure, int attempt) {
        if (attempt == 0 || settings.debug()) {
            var more = new LinkedHashMap<String, String>();
            more.put("target", String.join(",", settings.endpoints()));
            more.put("attempt", Integer.toString(attempt));
            more.put("error", ByteText.ofText(raw(failure)));
            console.log("warn", "request failed", more);
        }
    }

    /** What keeps leases alive and follows keys over this connection; it ends with this. */
    public synchronized EtcdClient client() {
        var made = client;
        if (made == null) {
            made = EtcdClient.over(transport, settings.commandTimeout());
            client = made;
        }
        return made;
    }

    /** Opens a stream. */
    public <Q extends MessageLite, R extends MessageLite> Stream<Q, R> stream(
            GrpcMethod<Q, R> method) {
        var incoming = new Incoming<R>();
        return new Stream<>(transport.stream(method, incoming), incoming);
    }

    /** A failure in the client's words: those of etcd's own errors stand alone. */
    public static String words(GrpcException failure) {
        if (failure.code() == GrpcCode.DEADLINE_EXCEEDED) {
            return "context deadline exceeded";
        }
        String message = String.valueOf(failure.getMessage());
        return ByteText.ofText(
                message.startsWith("etcdserver: ") || message.startsWith("auth: ")
                        ? message
                        : raw(failure));
    }

    /** The same for a failure of {@link #client}. */
    public static String words(EtcdException failure) {
        return failure.getCause() instanceof GrpcException cause
                ? words(cause)
                : ByteText.ofText(String.valueOf(failure.getMessage()));
    }

    private static String raw(GrpcException failure) {
        var code = new StringBuilder();
        for (String word : failure.code().name().split("_", -1)) {
            code.append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return "rpc error: code = %s desc = %s".formatted(code, failure.getMessage());
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
        transport.close();
        network.close();
    }
}
