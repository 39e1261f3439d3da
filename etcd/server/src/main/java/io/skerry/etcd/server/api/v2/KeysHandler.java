package io.skerry.etcd.server.api.v2;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.v2store.Action;
import io.skerry.etcd.server.v2store.ErrorCode;
import io.skerry.etcd.server.v2store.Event;
import io.skerry.etcd.server.v2store.Namespace;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.NodePath;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code /v2/keys}. */
final class KeysHandler {
    private static final String PREFIX = "/v2/keys";
    private static final String[] METHODS = {"HEAD", "GET", "PUT", "POST", "DELETE"};

    private final AccessControl access;
    private final TreeAccess tree;
    private final ProjectedTree projected;
    private final ReplicatedLog log;
    private final EventHub hub;
    private final OperationCounts counts;

    KeysHandler(
            TreeAccess tree,
            ProjectedTree projected,
            ReplicatedLog log,
            EventHub hub,
            OperationCounts counts,
            AccessControl access) {
        this.access = access;
        this.tree = tree;
        this.projected = projected;
        this.log = log;
        this.hub = hub;
        this.counts = counts;
    }

    HttpReply handle(HttpCall call) throws InterruptedException {
        if (!List.of(METHODS).contains(call.method())) {
            return Replies.methodNotAllowed(METHODS);
        }
        try {
            var path = NodePath.of(call.path().substring(PREFIX.length()));
            var form = FormParameters.of(call);
            var request = KeyRequest.parse(call.method(), path, form, tree.nowEpochNanos());
            if (!access.toKey(call, path, request.recursive())) {
                throw new NodeErrorException(ErrorCode.UNAUTHORIZED, "Insufficient credentials", 0);
            }
            if (request instanceof KeyRequest.Get get && get.quorum()) {
                tree.awaitQuorum();
            }
            var found = projected.find(call, request);
            if (found != null) {
                var event = new Event(Action.GET, found.node(), null, false);
                return answer(200, event, found.index(), true);
            }
            return switch (request) {
                case KeyRequest.Get get -> get(get);
                case KeyRequest.Wait wait -> watch(wait);
                case KeyRequest.Change change -> change(change);
            };
        } catch (NodeErrorException e) {
            return Replies.error(log.status(), e.error());
        }
    }

    private HttpReply get(KeyRequest.Get get) throws NodeErrorException {
        try {
            var reply =
                    tree.read(
                            Namespace.KEYS,
                            found -> {
                                var node =
                                        found.get(
                                                get.path(), get.recursive(), tree.nowEpochNanos());
                                var event = new Event(Action.GET, node, null, false);
                                return answer(200, event, found.index(), true);
                            });
            counts.read(true);
            return reply;
        } catch (NodeErrorException e) {
            counts.read(false);
            throw e;
        }
    }

    private HttpReply change(KeyRequest.Change change)
            throws NodeErrorException, InterruptedException {
        var event = tree.write(change.write());
        boolean silent =
                change.silent()
                        && switch (event.action()) {
                            case SET, CREATE, UPDATE, COMPARE_AND_SWAP -> true;
                            case GET, DELETE, COMPARE_AND_DELETE, EXPIRE -> false;
                        };
        return answer(event.created() ? 201 : 200, event, event.index(), !silent);
    }

    private HttpReply answer(int httpStatus, Event event, long index, boolean withNodes) {
        return Replies.full(httpStatus, headers(index), JsonText.of(event, withNodes));
    }

    private Map<String, String> headers(long index) {
        return Replies.headers(log.status(), index);
    }

    /** The head is sent at once, so that the client knows that it waits. */
    private HttpReply watch(KeyRequest.Wait wait) throws NodeErrorException {
        long start = hub.start(wait.since());
        return new HttpReply.Streaming(
                200, headers(hub.index()), sink -> follow(wait, start, sink));
    }

    private void follow(KeyRequest.Wait wait, long start, HttpReply.BodySink sink)
            throws IOException, InterruptedException {
        var watch = hub.open(wait.path(), wait.recursive(), start);
        try {
            sink.onClose(() -> hub.close(watch));
            var event = watch.next();
            while (event != null) {
                sink.write(JsonText.of(event, true));
                event = wait.stream() ? watch.next() : null;
            }
        } finally {
            hub.close(watch);
        }
    }
}
