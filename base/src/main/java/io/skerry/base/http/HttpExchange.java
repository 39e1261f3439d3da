package io.skerry.base.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.skerry.base.log.Log;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One HTTP request: reads it on the event loop, has it answered on a virtual thread. */
final class HttpExchange {
    private static final Log LOG = Log.of(HttpExchange.class);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final HttpRouter router;
    private final RunningCalls calls;
    private final int maxBodyBytes;
    private final EventLoop loop;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    // The write that the handler's thread waits for.
    private volatile @Nullable CompletableFuture<Void> pending;
    // Confined to the event loop.
    private boolean refused;

    HttpExchange(
            HttpServerRequest request, HttpRouter router, RunningCalls calls, int maxBodyBytes) {
        this.request = request;
        this.response = request.response();
        this.router = router;
        this.calls = calls;
        this.maxBodyBytes = maxBodyBytes;
        this.loop = ContextInternal.current().nettyEventLoop();
        var _ = closed.thenRun(this::clientGone);
    }

    void start() {
        String path = request.path();
        if (path == null || !path.startsWith("/")) {
            refuse(400, "the request target must be a path");
            return;
        }
        switch (router.find(request.method().name(), path)) {
            case HttpRouter.Match.NotFound none -> refuse(404, "404 page not found");
            case HttpRouter.Match.WrongMethod(var allowed) -> {
                response.putHeader("allow", String.join(", ", allowed));
                refuse(405, "method " + request.method() + " is not allowed here");
            }
            case HttpRouter.Match.Found found -> read(found);
        }
    }

    private void read(HttpRouter.Match.Found found) {
        if (!typeAccepted(found.rules().contentTypes())) {
            refuse(
                    415,
                    "the body must be of type "
                            + String.join(" or ", found.rules().contentTypes()));
            return;
        }
        if (declaredLength() > maxBodyBytes) {
            tooLarge();
            return;
        }
        response.closeHandler(gone -> closed.complete(null));
        response.endHandler(sent -> closed.complete(null));
        request.exceptionHandler(broken -> closed.complete(null));
        request.handler(chunk -> {
            if (refused) {
                return;
            }
            if (body.size() + chunk.length() > maxBodyBytes) {
                tooLarge();
                return;
            }
            body.writeBytes(chunk.getBytes());
        });
        request.endHandler(end -> {
            if (!refused) {
                HttpCall call = call(found.parameters());
                calls.start("http " + call.path(), () -> answer(found.handler(), call));
            }
        });
    }

    private boolean typeAccepted(List<String> accepted) {
        boolean bodyComes = declaredLength() > 0 || request.getHeader("transfer-encoding") != null;
        if (accepted.isEmpty() || !bodyComes) {
            return true;
        }
        String given = request.getHeader("content-type");
        String media = given == null ? "" : given.split(";", 2)[0].strip();
        return accepted.contains(media.toLowerCase(Locale.ROOT));
    }

    private long declaredLength() {
        String length = request.getHeader("content-length");
        try {
            return length == null ? -1 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            // The codec refuses such requests; should one pass, the body is counted as it comes.
            return -1;
        }
    }

    private void tooLarge() {
        // The rest of the body would have to be read to keep the connection usable.
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
        }
        refuse(413, "the body must not exceed " + maxBodyBytes + " bytes");
    }

    private void refuse(int status, String message) {
        refused = true;
        HttpReply reply = router.error(status, message);
        if (reply instanceof HttpReply.Full full) {
            sendFull(full);
        } else {
            response.setStatusCode(status).end();
        }
    }

    private HttpCall call(Map<String, String> parameters) {
        var headers = new HashMap<String, String>();
        for (Map.Entry<String, String> header : request.headers()) {
            headers.merge(
                    header.getKey().toLowerCase(Locale.ROOT),
                    header.getValue(),
                    (first, next) -> first + ", " + next);
        }
        String path = request.path() == null ? "/" : request.path();
        return new HttpCall(
                request.method().name(),
                PathPattern.decode(path),
                parameters,
                query(request.uri()),
                headers,
                body.size() == 0
                        ? ByteString.EMPTY
                        : UnsafeByteOperations.unsafeWrap(body.toByteArray()),
                peerCertificate(),
                String.valueOf(request.remoteAddress()));
    }

    private static Map<String, List<String>> query(String uri) {
        if (uri.indexOf('?') < 0) {
            return Map.of();
        }
        try {
            return new QueryStringDecoder(uri).parameters();
        } catch (IllegalArgumentException malformed) {
            // A malformed escape: the parameters are then taken as they stand.
            var raw = new HashMap<String, List<String>>();
            for (String pair : uri.substring(uri.indexOf('?') + 1).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                raw.computeIfAbsent(parts[0], name -> new ArrayList<>())
                        .add(parts.length == 2 ? parts[1] : "");
            }
            return raw;
        }
    }

    private @Nullable X509Certificate peerCertificate() {
        SSLSession session = request.connection().sslSession();
        if (session == null) {
            return null;
        }
        try {
            return (X509Certificate) session.getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    private void answer(HttpHandler handler, HttpCall call) {
        HttpReply reply;
        try {
            reply = handler.handle(call);
        } catch (HttpError e) {
            reply = router.error(e.status(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            reply = router.error(503, "the server is shutting down");
        } catch (Exception e) {
            LOG.error("request failed", "method", call.method(), "path", call.path(), e);
            reply = router.error(500, "internal error: " + e.getMessage());
        }
        switch (reply) {
            case HttpReply.Full full -> loop.execute(() -> sendFull(full));
            case HttpReply.Streaming streaming -> stream(streaming, call);
        }
    }

    private void sendFull(HttpReply.Full reply) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("content-length", Integer.toString(reply.body().size()));
            response.end();
        } else if (reply.status() == 204 || reply.status() == 304) {
            response.end();
        } else {
            response.end(Buffer.buffer(reply.body().toByteArray()));
        }
    }

    private void stream(HttpReply.Streaming reply, HttpCall call) {
        calls.streaming();
        try {
            onLoop(() -> {
                response.setStatusCode(reply.status());
                response.setChunked(request.version() != HttpVersion.HTTP_1_0);
                reply.headers().forEach(response::putHeader);
                return response.writeHead();
            });
            if (!request.method().equals(HttpMethod.HEAD)) {
                reply.writer().write(new Sink());
            }
            loop.execute(() -> {
                if (!response.closed() && !response.ended()) {
                    response.end();
                }
            });
        } catch (IOException | InterruptedException e) {
            // The client went away or the listener closes: the body ends where it is.
            LOG.debug("response cut off", "path", call.path(), "cause", e);
            loop.execute(response::reset);
        } catch (RuntimeException e) {
            LOG.error("response failed", "path", call.path(), e);
            loop.execute(response::reset);
        }
    }

    /** A write that is made on the event loop. */
    @FunctionalInterface
    private interface Write {
        io.vertx.core.Future<Void> run();
    }

    private void clientGone() {
        CompletableFuture<Void> waiting = pending;
        if (waiting != null) {
            waiting.completeExceptionally(new IOException("the client is gone"));
        }
    }

    /** Runs a write on the loop and waits until its bytes have left. */
    private void onLoop(Write write) throws IOException, InterruptedException {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            if (response.closed() || response.ended()) {
                done.completeExceptionally(new IOException("the client is gone"));
                return;
            }
            write.run().onComplete(ok -> done.complete(null), done::completeExceptionally);
        });
        pending = done;
        if (closed.isDone()) {
            clientGone();
        }
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new IOException("the client is gone", e.getCause());
        }
    }

    private final class Sink implements HttpReply.BodySink {
        @Override
        public void write(byte[] bytes) throws IOException, InterruptedException {
            byte[] copy = bytes.clone();
            onLoop(() -> response.write(Buffer.buffer(copy)));
        }

        @Override
        public void onClose(Runnable action) {
            var _ = closed.thenRun(action);
        }
    }
}
