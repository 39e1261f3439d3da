package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletionStage;

/**
 * Answers one request with one encoded response message.
 *
 * <p>It is called on an event loop and must not block. A stage that fails with a {@link
 * GrpcException} gives that status; any other failure, thrown or staged, gives UNKNOWN.
 */
@FunctionalInterface
public interface UnaryHandler<Q> {
    CompletionStage<ByteString> handle(Q request, GrpcContext context);
}
