package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.skerry.base.http2.HeaderBlock;
import io.skerry.base.http2.RequestHead;
import io.skerry.base.http2.ServerStream;
import io.skerry.base.http2.StreamListener;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves the methods of a router on the HTTP/2 streams of a listener. Everything happens on the
 * event loop of the stream's connection.
 */
public final class GrpcService {
    private final @Nullable GrpcRouter router;
    private final int maxMessageBytes;
    private final Set<StreamCall<?>> streams = ConcurrentHashMap.newKeySet();

    /**
     * @param router null: no method is known
     * @param maxMessageBytes larger requests end with RESOURCE_EXHAUSTED
     */
    public GrpcService(@Nullable GrpcRouter router, int maxMessageBytes) {
        this.router = router;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Takes a stream on which gRPC is spoken; null if something else is. */
    public @Nullable StreamListener accept(ServerStream stream) {
        RequestHead head = stream.head();
        CallPlan plan;
        if (head.plan() instanceof CallPlan known) {
            plan = known;
        } else {
            plan = CallPlan.of(head, router);
            head.plan(plan);
        }
        return switch (plan) {
            case CallPlan.Other other -> null;
            case CallPlan.WrongHttpMethod wrong -> {
                stream.head(HeaderBlock.response(405, Map.of("allow", "POST")), true);
                yield Refused.INSTANCE;
            }
            case CallPlan.Refused(GrpcException reason, boolean compression) -> {
                Answers.refuse(
                        stream,
                        reason,
                        compression ? Map.of("grpc-accept-encoding", "identity") : Map.of());
                yield Refused.INSTANCE;
            }
            case CallPlan.Call(GrpcRouter.Unary<?> route, long timeoutNanos) ->
                    new UnaryCall<>(stream, route, maxMessageBytes, timeoutNanos);
            case CallPlan.Call(GrpcRouter.Streaming<?> route, long timeoutNanos) ->
                    open(stream, route, timeoutNanos);
        };
    }

    private <Q extends MessageLite> StreamListener open(
            ServerStream stream, GrpcRouter.Streaming<Q> route, long timeoutNanos) {
        var call = new StreamCall<>(stream, route, maxMessageBytes, timeoutNanos, streams);
        call.start();
        return call;
    }

    /** Ends all streams with UNAVAILABLE, so that clients go to another server at once. */
    public void closeStreams() {
        var reason = new GrpcException(GrpcCode.UNAVAILABLE, "the server is shutting down");
        streams.forEach(stream -> stream.shutDown(reason));
    }

    /** What still comes of a request that was answered already. */
    private static final class Refused implements StreamListener {
        static final Refused INSTANCE = new Refused();

        @Override
        public void data(ByteBuf bytes) {}

        @Override
        public void halfClosed() {}

        @Override
        public void gone(String reason) {}
    }

    /**
     * Parses a request. Its byte fields are views of the received bytes: requests do not outlive
     * their handling, so nothing large is kept alive.
     */
    static <Q extends MessageLite> Q parse(Parser<Q> parser, ByteString bytes)
            throws GrpcException {
        try {
            CodedInputStream in = bytes.newCodedInput();
            in.enableAliasing(true);
            Q message = parser.parseFrom(in);
            in.checkLastTagWas(0);
            return message;
        } catch (IOException e) {
            throw new GrpcException(
                    GrpcCode.INTERNAL,
                    "grpc: failed to unmarshal the received message: " + e.getMessage());
        }
    }
}
