package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.Downgrade;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.cluster.ClusterChanges;
import io.skerry.etcd.server.consensus.peer.Versions;
import io.skerry.etcd.server.membership.MemberChange;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.membership.MemberRefusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * {@code Maintenance.Downgrade}, whose messages the published classes lack: the request is {@code
 * action = 1} (0 validate, 1 enable, 2 cancel) and {@code version = 2}, the response is {@link
 * Downgrade}.
 */
final class DowngradeService {
    private static final int ACTION = 1;
    private static final int VERSION = 2;

    /** Two numbers, or a semantic version, of which the first two count. */
    private static final Pattern FORMAT =
            Pattern.compile(
                    "(\\d{1,18})\\.(\\d{1,18})(\\.\\d{1,18}(-[0-9A-Za-z.-]*)?(\\+[0-9A-Za-z.-]*)?)?");

    private static final String MAJOR = "3";

    /** A version that was never there. */
    private static final int NONE = -1;

    private final Calls calls;
    private final ClusterChanges changes;
    private final Identity identity;
    private final LongSupplier revision;

    DowngradeService(
            Calls calls, ClusterChanges changes, Identity identity, LongSupplier revision) {
        this.calls = calls;
        this.changes = changes;
        this.identity = identity;
        this.revision = revision;
    }

    void register(GrpcRouter router) {
        router.unary(EtcdMethods.DOWNGRADE, this::downgrade);
    }

    private CompletionStage<ByteString> downgrade(UnknownFieldSet request, GrpcContext context) {
        return calls.permit(context, Calls.Rule.ROOT).thenCompose(_ -> permitted(request));
    }

    private CompletionStage<ByteString> permitted(UnknownFieldSet request) {
        var actions = request.getField(ACTION).getVarintList();
        long action = actions.isEmpty() ? 0 : actions.getLast();
        try {
            return switch ((int) action) {
                case 0 -> {
                    int target = target(request);
                    yield changes.list(true).thenCompose(list -> validated(list, target));
                }
                case 1 -> {
                    int target = target(request);
                    yield changes.list(true)
                            .thenCompose(list -> validated(list, target))
                            .thenCompose(_ -> changes.downgrade(target))
                            .thenApply(this::answer);
                }
                case 2 -> changes.downgrade(0).thenApply(this::answer);
                default -> throw new GrpcException(GrpcCode.UNKNOWN, "etcdserver: unknown method");
            };
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The second number of the version, or {@link #NONE} if the cluster can never be there. */
    private static int target(UnknownFieldSet request) throws GrpcException {
        var versions = request.getField(VERSION).getLengthDelimitedList();
        String text = versions.isEmpty() ? "" : versions.getLast().toStringUtf8();
        var matched = FORMAT.matcher(text);
        if (!matched.matches()) {
            throw MemberRefusal.BAD_VERSION_FORMAT.exception();
        }
        long minor = Long.parseLong(matched.group(2));
        return matched.group(1).equals(MAJOR) && minor <= Integer.MAX_VALUE ? (int) minor : NONE;
    }

    private CompletionStage<ByteString> validated(MemberList list, int target) {
        try {
            if (list.version() == 0) {
                throw MemberRefusal.NO_CLUSTER_VERSION.exception();
            }
            if (target < Versions.CURRENT.minCluster()) {
                throw MemberRefusal.BAD_DOWNGRADE_TARGET.exception();
            }
            var _ = list.after(new MemberChange.Downgrade(target));
            return CompletableFuture.completedFuture(answer(list));
        } catch (GrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ByteString answer(MemberList list) {
        return new Downgrade(
                        identity.header(revision.getAsLong()), MAJOR + "." + list.version() + ".0")
                .encode();
    }
}
