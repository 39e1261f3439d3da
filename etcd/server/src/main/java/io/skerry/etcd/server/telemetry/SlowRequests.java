package io.skerry.etcd.server.telemetry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.SlowWork;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Tells of requests that took too long, one line each. Who is fast enough pays for a comparison of
 * two times.
 */
public final class SlowRequests implements SlowWork {
    private static final Log LOG = Log.of(SlowRequests.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private final SlowLimits limits;
    private final LongAdder slowApplies = new LongAdder();

    public SlowRequests(SlowLimits limits) {
        this.limits = limits;
    }

    /** How many were told of that were slow within the store. */
    public long slowApplies() {
        return slowApplies.sum();
    }

    @Override
    public long limitNanos() {
        return limits.apply().toNanos();
    }

    @Override
    public void applied(Command command, CommandResult result, long nanos) {
        slowApplies.increment();
        boolean ok = result.code() == GrpcCode.OK;
        LOG.warn(
                "apply request took too long",
                "took",
                millis(nanos),
                "expectedDuration",
                millis(limits.apply()),
                "prefix",
                "",
                "request",
                RequestText.of(command),
                "response",
                ok ? "size:" + result.response().size() : "",
                "error",
                result.message());
    }

    @Override
    public void waited(int commands, long nanos) {
        slowApplies.increment();
        LOG.warn(
                "apply waited too long for the store's commit",
                "took",
                millis(nanos),
                "expectedDuration",
                millis(limits.apply()),
                "requests",
                commands);
    }

    @Override
    public void read(MessageLite request, ByteString response, long nanos) {
        slowApplies.increment();
        LOG.warn(
                "apply request took too long",
                "took",
                millis(nanos),
                "expectedDuration",
                millis(limits.apply()),
                "prefix",
                request instanceof RangeRequest ? "read-only range " : "read-only txn ",
                "request",
                RequestText.of(request),
                "response",
                response(request, response),
                "error",
                "");
    }

    /** A call that answers once is over. */
    void answered(
            GrpcMethod<?, ?> method,
            GrpcContext context,
            MessageLite request,
            @Nullable ByteString response,
            GrpcCode code,
            long nanos) {
        if (nanos < limits.unary().toNanos()) {
            return;
        }
        LOG.warn(
                "request took too long",
                "took",
                millis(nanos),
                "expectedDuration",
                millis(limits.unary()),
                "method",
                method.path(),
                "remote",
                context.remoteAddress(),
                "requestSize",
                request.getSerializedSize(),
                "request",
                RequestText.of(request),
                "response",
                response == null ? "" : response(request, response),
                "code",
                code);
    }

    private static String response(MessageLite request, ByteString response) {
        String size = "size:" + response.size();
        if (request instanceof RangeRequest) {
            try {
                return "range_response_count:"
                        + RangeResponse.parseFrom(response).getKvsCount()
                        + " "
                        + size;
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("an answer of our own cannot be read", e);
            }
        }
        return size;
    }

    private static String millis(Duration duration) {
        return millis(duration.toNanos());
    }

    private static String millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0 + "ms";
    }
}
