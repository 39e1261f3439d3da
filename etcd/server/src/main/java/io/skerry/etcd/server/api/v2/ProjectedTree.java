package io.skerry.etcd.server.api.v2;

import com.google.protobuf.ByteString;
import io.skerry.base.http.HttpCall;
import io.skerry.etcd.server.auth.Caller;
import io.skerry.etcd.server.auth.Credentials;
import io.skerry.etcd.server.auth.DeniedException;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.v2store.ErrorCode;
import io.skerry.etcd.server.v2store.Namespace;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.NodeInfo;
import io.skerry.etcd.server.v2store.NodePath;
import io.skerry.etcd.server.v2store.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The directories of v2 that are projections of v3's keys. Who asks must be allowed to read these
 * keys by v3's rules, in addition to v2's: while v3 asks who somebody is, only a certificate tells.
 */
final class ProjectedTree {
    private final EtcdStateMachine store;
    private final List<Projection> projections;
    private final boolean certificatesCount;

    ProjectedTree(EtcdStateMachine store, List<Projection> projections, boolean certificatesCount) {
        this.store = store;
        this.projections = List.copyOf(projections);
        this.certificatesCount = certificatesCount;
    }

    /** A node with the store's index at which it was read. */
    record Found(NodeInfo node, long index) {}

    /**
     * The node at a path if a projection is there.
     *
     * @return null where the stored tree has the say
     * @throws NodeErrorException if the projection has no such node, or may only be read
     */
    @Nullable Found find(HttpCall call, KeyRequest request) throws NodeErrorException {
        for (var projection : projections) {
            if (covers(projection, request.path())) {
                var snapshot = store.snapshot();
                try {
                    return find(projection, call, request, snapshot);
                } finally {
                    snapshot.view().release();
                }
            }
        }
        return null;
    }

    private static boolean covers(Projection projection, NodePath path) {
        String directory = projection.directory();
        return path.text().equals(directory) || path.text().startsWith(directory + "/");
    }

    private @Nullable Found find(
            Projection projection,
            HttpCall call,
            KeyRequest request,
            EtcdStateMachine.Snapshot snapshot)
            throws NodeErrorException {
        var view = snapshot.view();
        String directory = projection.directory();
        if (view.count(range(directory + "/")) == 0 || stored(view, directory)) {
            return null;
        }
        permit(call, directory + "/", snapshot);
        long index = view.revision();
        return switch (request) {
            case KeyRequest.Get get -> {
                var node = node(projection, view, get);
                if (node == null) {
                    throw new NodeErrorException(ErrorCode.KEY_NOT_FOUND, get.path().text(), index);
                }
                yield new Found(node, index);
            }
            case KeyRequest.Wait _ ->
                    throw new NodeErrorException(
                            ErrorCode.INVALID_FIELD,
                            "\"wait\" cannot be used in "
                                    + directory
                                    + ", which is made of keys of v3: watch these",
                            index);
            case KeyRequest.Change _ ->
                    throw new NodeErrorException(
                            ErrorCode.ROOT_READ_ONLY,
                            directory + " is made of keys of v3 and changes with these only",
                            index);
        };
    }

    private static boolean stored(ReadView view, String directory) throws NodeErrorException {
        return new Tree(Namespace.KEYS, view).has(NodePath.of(directory));
    }

    private void permit(HttpCall call, String prefix, EtcdStateMachine.Snapshot snapshot)
            throws NodeErrorException {
        var auth = snapshot.auth();
        var certificate = certificatesCount ? call.peerCertificate() : null;
        String name =
                certificate == null ? null : Credentials.ofCertificate(certificate).commonName();
        var caller = name == null ? Caller.NOBODY : new Caller(name, auth.revision());
        try {
            auth.requireRead(caller, ByteString.copyFromUtf8(prefix), end(prefix));
        } catch (DeniedException e) {
            throw new NodeErrorException(ErrorCode.UNAUTHORIZED, "Insufficient credentials", 0);
        }
    }

    private static KeyRange range(String prefix) {
        return KeyRange.of(ByteString.copyFromUtf8(prefix), end(prefix));
    }

    /** The first text behind all that begin so. */
    private static ByteString end(String prefix) {
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        return ByteString.copyFrom(end);
    }

    private static @Nullable NodeInfo node(
            Projection projection, ReadView view, KeyRequest.Get get) {
        var keys = new ArrayList<Projection.Item>();
        for (String prefix : projection.prefixes(get.path().text())) {
            view.scan(
                    range(prefix),
                    false,
                    version -> {
                        keys.add(
                                new Projection.Item(
                                        new String(version.key(), StandardCharsets.UTF_8),
                                        new String(version.value(), StandardCharsets.UTF_8),
                                        version.createRevision(),
                                        version.modRevision()));
                        return true;
                    });
        }
        return node(get.path().text(), projection.files(keys), get.recursive(), true);
    }

    /**
     * A node, with what lies in it.
     *
     * @param listed whether a directory tells its children; else that it is one
     */
    private static @Nullable NodeInfo node(
            String path, List<Projection.Item> files, boolean recursive, boolean listed) {
        Map<String, List<Projection.Item>> children = new TreeMap<>();
        for (var file : files) {
            if (file.path().equals(path)) {
                return new NodeInfo(
                        path,
                        file.value(),
                        false,
                        0,
                        0,
                        List.of(),
                        file.modifiedAt(),
                        file.createdAt());
            }
            if (file.path().startsWith(path + "/")) {
                int next = file.path().indexOf('/', path.length() + 1);
                String child = next < 0 ? file.path() : file.path().substring(0, next);
                children.computeIfAbsent(child, _ -> new ArrayList<>()).add(file);
            }
        }
        if (children.isEmpty()) {
            return null;
        }
        var nodes = new ArrayList<NodeInfo>();
        long created = Long.MAX_VALUE;
        for (var child : children.entrySet()) {
            var node = node(child.getKey(), child.getValue(), recursive, recursive);
            if (node != null) {
                nodes.add(node);
                created = Math.min(created, node.createdIndex());
            }
        }
        // A directory is as old as the oldest thing in it, and not changed by what happens there.
        return new NodeInfo(path, null, true, 0, 0, listed ? nodes : List.of(), created, created);
    }
}
