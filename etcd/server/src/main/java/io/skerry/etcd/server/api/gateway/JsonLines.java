package io.skerry.etcd.server.api.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.skerry.base.grpc.GrpcException;
import java.io.IOException;

/**
 * What a method answers, each message and its failure a line of JSON.
 *
 * @param stream whether there may be several answers: they are then told from a failure by a field
 *     around each
 */
record JsonLines(MethodDescriptor method, boolean stream) {
    /** Takes a line to the client; may block. */
    @FunctionalInterface
    interface Sink {
        void line(String json) throws IOException, InterruptedException;
    }

    static JsonLines of(MethodDescriptor method) {
        return new JsonLines(method, method.isClientStreaming() || method.isServerStreaming());
    }

    /** Returns after the last line. */
    void write(StreamedAnswers answers, Sink sink) throws IOException, InterruptedException {
        try {
            for (var message = answers.next(); message != null; message = answers.next()) {
                sink.line(answer(message));
            }
        } catch (GrpcException e) {
            sink.line(failure(e));
        }
    }

    private String answer(ByteString message) throws GrpcException {
        String json = JsonMessages.write(method.getOutputType(), message);
        return stream ? "{\"result\":" + json + "}" : json;
    }

    private String failure(GrpcException e) {
        return stream
                ? JsonMessages.streamError(e, JsonGateway.httpStatus(e.code()))
                : JsonMessages.error(e);
    }
}
