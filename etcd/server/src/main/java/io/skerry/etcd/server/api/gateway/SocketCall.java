package io.skerry.etcd.server.api.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.RouterCalls;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.WebSocket;
import io.skerry.base.log.Log;
import java.io.IOException;

/**
 * A call over a WebSocket: a message of the client is a request of the call, or several; each of
 * ours is a line that a POST would be answered with. It ends with the call.
 */
record SocketCall(
        RouterCalls calls, String path, MethodDescriptor method, HttpCall call, WebSocket socket) {
    private static final Log LOG = Log.of(SocketCall.class);

    /** What is agreed to as a subprotocol; a client sends its token as another one after it. */
    static final String BEARER = "Bearer";

    void converse() throws IOException, InterruptedException {
        var answers = new StreamedAnswers();
        var inbound = calls.stream(path, HttpCaller.overSocket(call), answers);
        socket.onClose(
                () -> answers.fail(new GrpcException(GrpcCode.CANCELLED, "the client left")));
        // It alone speaks to the method, as only one thread may.
        Thread requests =
                Thread.ofVirtual()
                        .name("websocket requests " + call.path())
                        .start(() -> feed(inbound, answers));
        try {
            JsonLines.of(method).write(answers, socket::send);
        } finally {
            requests.interrupt();
            requests.join();
        }
    }

    private void feed(GrpcInbound<ByteString> inbound, StreamedAnswers answers) {
        try {
            boolean asked = false;
            for (String text = socket.receive(); text != null; text = socket.receive()) {
                if (method.isClientStreaming()) {
                    for (ByteString request : JsonMessages.readAll(method.getInputType(), text)) {
                        // Who reads no answers gets no more of them.
                        answers.awaitReady();
                        inbound.message(request);
                    }
                } else if (asked) {
                    throw new GrpcException(
                            GrpcCode.INVALID_ARGUMENT, call.path() + " takes one request");
                } else {
                    asked = true;
                    inbound.message(JsonMessages.read(method.getInputType(), text));
                    inbound.halfClosed();
                }
            }
        } catch (GrpcException e) {
            answers.fail(e);
        } catch (InterruptedException e) {
            // The call is over, and with it this thread.
        } catch (RuntimeException | Error e) {
            LOG.error("request failed", "path", call.path(), e);
            answers.fail(new GrpcException(GrpcCode.INTERNAL, "internal error", e));
        } finally {
            inbound.closed(null);
        }
    }
}
