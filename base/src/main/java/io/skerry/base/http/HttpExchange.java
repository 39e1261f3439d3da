package io.skerry.base.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.skerry.base.http2.StreamListener;
import io.skerry.base.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP request: reads it on the event loop, has it answered on a virtual thread. */
final class HttpExchange implements StreamListener {
    private static final Log LOG = Log.of(HttpExchange.class);

    /** Of a refused request, as much of the body is awaited; less than any stream's window. */
    private static final int SHORT_BODY_BYTES = 16 << 10;

    private final HttpHead request;
    private final Responder response;
    private final HttpRouter router;
    private final RunningCalls calls;
    private final int maxBodyBytes;
    private final Duration probeInterval;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private final PacedWriter writer;
    // Confined to the event loop. No route: the request is refused and the rest of it ignored.
    private HttpRouter.Match.@Nullable Found found;
    private HttpRouter.@Nullable Socket socket;
    private HttpReply.@Nullable Full refusal;
    private int ignoredBytes;
    private volatile Map<String, String> forBrowsers = Map.of();

    HttpExchange(
            HttpHead request,
            Responder response,
            HttpRouter router,
            RunningCalls calls,
            int maxBodyBytes,
            Duration probeInterval) {
        this.request = request;
        this.response = response;
        this.router = router;
        this.calls = calls;
        this.maxBodyBytes = maxBodyBytes;
        this.probeInterval = probeInterval;
        this.writer = new PacedWriter(response.loop(), response::ended, response::writable);
    }

    void start() {
        String path = request.path();
        if (!path.startsWith("/")) {
            refuse(400, "the request target must be a path");
            return;
        }
        BrowserRules browsers = router.browsers();
        if (!response.secure() && !browsers.allowsHost(request.headers().get("host"))) {
            refuse(421, "this server may not be asked by the host name of the request");
            return;
        }
        forBrowsers = browsers.headers(request.headers().get("origin"));
        if (browsers.answersOptions() && request.method().equals("OPTIONS")) {
            sendFull(new HttpReply.Full(200, Map.of(), ByteString.EMPTY));
            return;
        }
        var opening = new WebSocketOpening(request);
        if (response.upgradable() && opening.asked()) {
            socket = router.socket(path);
        }
        if (socket != null) {
            WebSocketOpening.Refusal refusal = opening.refusal(browsers);
            if (refusal != null) {
                refuse(refusal.status(), refusal.message(), refusal.headers());
            }
            return;
        }
        switch (router.find(request.method(), path)) {
            case HttpRouter.Match.NotFound none -> refuse(404, "404 page not found");
            case HttpRouter.Match.WrongMethod(var allowed) ->
                    refuse(
                            405,
                            "method " + request.method() + " is not allowed here",
                            Map.of("allow", String.join(", ", allowed)));
            case HttpRouter.Match.Found route -> read(route);
        }
    }

    private void read(HttpRouter.Match.Found route) {
        if (!typeAccepted(route.rules().contentTypes())) {
            refuse(
                    415,
                    "the body must be of type "
                            + String.join(" or ", route.rules().contentTypes()));
            return;
        }
        if (declaredLength() > maxBodyBytes) {
            tooLarge();
            return;
        }
        found = route;
    }

    @Override
    public void data(ByteBuf bytes) {
        if (found == null) {
            ignore(bytes.readableBytes());
            return;
        }
        if (body.size() + bytes.readableBytes() > maxBodyBytes) {
            tooLarge();
            return;
        }
        body.writeBytes(ByteBufUtil.getBytes(bytes));
    }

    private void ignore(int bytes) {
        ignoredBytes += bytes;
        if (ignoredBytes > SHORT_BODY_BYTES) {
            sendRefusal();
        }
    }

    @Override
    public void halfClosed() {
        sendRefusal();
        if (socket != null) {
            open(socket);
            return;
        }
        HttpRouter.Match.Found route = found;
        if (route != null) {
            HttpCall call = call(route.parameters());
            calls.start("http " + call.path(), () -> answer(route.handler(), call));
        }
    }

    private void open(HttpRouter.Socket route) {
        HttpCall call = call(route.parameters());
        var connection = new WebSocketConnection(response.loop(), maxBodyBytes, probeInterval);
        response.upgrade(connection, new WebSocketOpening(request).whole(), route.subprotocols());
        calls.start(
                "websocket " + call.path(),
                () -> {
                    calls.streaming();
                    connection.serve(route.handler(), call);
                });
    }

    @Override
    public void stalled() {
        sendRefusal();
        if (found != null) {
            refuse(
                    408,
                    "nothing more of the body came within " + RequestPatience.SECONDS + " seconds",
                    Map.of("connection", "close"));
        }
    }

    @Override
    public void gone(String reason) {
        writer.close();
    }

    private boolean typeAccepted(List<String> accepted) {
        boolean bodyComes =
                declaredLength() > 0 || request.headers().get("transfer-encoding") != null;
        if (accepted.isEmpty() || !bodyComes) {
            return true;
        }
        String given = request.headers().get("content-type");
        String media = given == null ? "" : given.split(";", 2)[0].strip();
        return accepted.contains(media.toLowerCase(Locale.ROOT));
    }

    private long declaredLength() {
        String length = request.headers().get("content-length");
        try {
            return length == null ? -1 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            // The codec refuses such requests; should one pass, the body is counted as it comes.
            return -1;
        }
    }

    private void tooLarge() {
        // The rest of the body would have to be read to keep the connection usable.
        refuse(
                413,
                "the body must not exceed " + maxBodyBytes + " bytes",
                Map.of("connection", "close"));
    }

    private void refuse(int status, String message) {
        refuse(status, message, Map.of());
    }

    private void refuse(int status, String message, Map<String, String> more) {
        found = null;
        socket = null;
        HttpReply reply = router.error(status, message);
        if (reply instanceof HttpReply.Full full) {
            var headers = new HashMap<>(full.headers());
            headers.putAll(more);
            refusal = new HttpReply.Full(full.status(), headers, full.body());
        } else {
            refusal = new HttpReply.Full(status, more, ByteString.EMPTY);
        }
        if (!shortBodyComes()) {
            sendRefusal();
        }
    }

    /**
     * Whether the answer to the refused request has to wait for its body: a stream that ends while
     * its client still sends is an error for some, curl among them, who then do not look at the
     * answer.
     */
    private boolean shortBodyComes() {
        long length = declaredLength();
        return response.endsWithItsAnswer()
                && !request.headers().containsKey("expect")
                && ignoredBytes == 0
                && body.size() == 0
                && length > 0
                && length <= SHORT_BODY_BYTES;
    }

    private void sendRefusal() {
        HttpReply.Full waiting = refusal;
        if (waiting != null) {
            refusal = null;
            sendFull(waiting);
        }
    }

    private HttpCall call(Map<String, String> parameters) {
        return new HttpCall(
                request.method(),
                PathPattern.decode(request.path()),
                parameters,
                query(request.target()),
                request.headers(),
                body.size() == 0
                        ? ByteString.EMPTY
                        : UnsafeByteOperations.unsafeWrap(body.toByteArray()),
                response.peerCertificate(),
                response.remoteAddress());
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

    private void answer(HttpHandler handler, HttpCall call) {
        HttpReply reply;
        try {
            reply = handler.handle(call);
        } catch (HttpError e) {
            reply = router.error(e.status(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            reply = router.error(503, "the server is shutting down");
        } catch (Exception | Error e) {
            // Whatever it is, the client would wait for its answer for ever.
            LOG.error("request failed", "method", call.method(), "path", call.path(), e);
            reply = router.error(500, "internal error: " + e.getMessage());
        }
        switch (reply) {
            case HttpReply.Full full -> response.loop().execute(() -> sendFull(full));
            case HttpReply.Streaming streaming -> stream(streaming, call);
        }
    }

    private void sendFull(HttpReply.Full reply) {
        if (response.ended()) {
            return;
        }
        if (reply.status() == 204 || reply.status() == 304) {
            response.full(reply.status(), withBrowsers(reply.headers()), null);
        } else {
            var headers = new HashMap<>(withBrowsers(reply.headers()));
            headers.put("content-length", Integer.toString(reply.body().size()));
            response.full(reply.status(), headers, head() ? null : reply.body());
        }
        writer.close();
    }

    private Map<String, String> withBrowsers(Map<String, String> headers) {
        if (forBrowsers.isEmpty()) {
            return headers;
        }
        var all = new HashMap<>(headers);
        all.putAll(forBrowsers);
        return all;
    }

    private boolean head() {
        return request.method().equals("HEAD");
    }

    private void stream(HttpReply.Streaming reply, HttpCall call) {
        calls.streaming();
        try {
            writer.write(() -> {
                response.whenWritable(writer::writable);
                response.head(reply.status(), withBrowsers(reply.headers()));
            });
            if (!head()) {
                reply.writer().write(new Sink());
            }
            response.loop()
                    .execute(() -> {
                        if (!response.ended()) {
                            response.end();
                            writer.close();
                        }
                    });
        } catch (IOException | InterruptedException e) {
            // The client went away or the listener closes: the body ends where it is.
            LOG.debug("response cut off", "path", call.path(), "cause", e);
            breakOff();
        } catch (RuntimeException | Error e) {
            LOG.error("response failed", "path", call.path(), e);
            breakOff();
        }
    }

    private void breakOff() {
        response.loop()
                .execute(() -> {
                    response.reset();
                    writer.close();
                });
    }

    private final class Sink implements HttpReply.BodySink {
        @Override
        public void write(byte[] bytes) throws IOException, InterruptedException {
            byte[] copy = bytes.clone();
            writer.write(() -> response.part(copy));
        }

        @Override
        public void onClose(Runnable action) {
            writer.onClose(action);
        }
    }
}
