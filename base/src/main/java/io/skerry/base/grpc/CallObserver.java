package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;

/**
 * Hears of the calls of one method that come over the network: counts them, or tells of slow ones.
 * Called on event loops, which it must not hold up. Thread-safe.
 */
public interface CallObserver {
    /** Hears nothing. */
    CallObserver NONE =
            new CallObserver() {
                @Override
                public void started(GrpcContext context) {}

                @Override
                public void received(int bytes) {}

                @Override
                public void sent(int messages, long bytes) {}

                @Override
                public void ended(GrpcCode code, long nanos) {}

                @Override
                public void answered(
                        GrpcContext context,
                        MessageLite request,
                        @Nullable ByteString response,
                        GrpcCode code,
                        long nanos) {}
            };

    /** Makes the observers of a router's methods. */
    @FunctionalInterface
    interface Factory {
        /** For a method, once, when it is registered. */
        CallObserver of(GrpcMethod<?, ?> method, boolean stream);
    }

    /** A call has come. */
    void started(GrpcContext context);

    /** A message of so many bytes has come. */
    void received(int bytes);

    /** So many messages were sent, of so many bytes together. */
    void sent(int messages, long bytes);

    /** A call is over; a client that is gone has cancelled it. */
    void ended(GrpcCode code, long nanos);

    /**
     * A call that answers once, whose request came, is over. Comes after {@link #ended}.
     *
     * @param request its bytes may not be kept
     * @param response null if it failed
     */
    void answered(
            GrpcContext context,
            MessageLite request,
            @Nullable ByteString response,
            GrpcCode code,
            long nanos);
}
