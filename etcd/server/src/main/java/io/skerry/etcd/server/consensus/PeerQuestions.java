package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Questions to a certain other member that need no entry of the log. Thread-safe. */
public interface PeerQuestions {
    /**
     * Asks the handler of that name on another member. Fails with {@link
     * io.skerry.base.grpc.GrpcException}: the handler's own, UNIMPLEMENTED if the member has no
     * such handler, DEADLINE_EXCEEDED or UNAVAILABLE.
     */
    CompletableFuture<ByteString> ask(
            long member, String service, ByteString request, Duration timeout);

    /**
     * Registers who answers questions of that name here. It must not block the thread it runs on.
     */
    void answer(String service, Function<ByteString, CompletionStage<ByteString>> handler);
}
