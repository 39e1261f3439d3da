package io.skerry.etcd.server.v2store;

import io.skerry.etcd.server.mvcc.ReadView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One namespace of a state of the store. The view must be retained while the tree is used. */
public final class Tree {
    private final Namespace namespace;
    private final ReadView view;

    public Tree(Namespace namespace, ReadView view) {
        this.namespace = namespace;
        this.view = view;
    }

    /** The store's index at this state. */
    public long index() {
        return view.revision();
    }

    /** The node at a path, or null. */
    @Nullable Node find(NodePath path) {
        if (path.root()) {
            return Node.ROOT;
        }
        var version = view.get(NodeKeys.of(namespace, path));
        return version == null ? null : Node.decode(version);
    }

    /** Whether there is a node at a path. */
    public boolean has(NodePath path) {
        return find(path) != null;
    }

    /**
     * The node at a path.
     *
     * @throws NodeErrorException if it is missing, or what should be a directory on the way is a
     *     file; names the first part of the path that is not as it should be
     */
    Node require(NodePath path) throws NodeErrorException {
        var node = find(path);
        if (node != null) {
            return node;
        }
        for (var ancestor : path.ancestors()) {
            var on = find(ancestor);
            if (on == null) {
                throw new NodeErrorException(ErrorCode.KEY_NOT_FOUND, ancestor.text(), index());
            }
            if (!on.dir()) {
                throw new NodeErrorException(ErrorCode.NOT_A_DIRECTORY, ancestor.text(), index());
            }
        }
        throw new NodeErrorException(ErrorCode.KEY_NOT_FOUND, path.text(), index());
    }

    /** Whether anything, hidden or not, lies in a directory. */
    boolean hasChildren(NodePath directory) {
        return view.count(NodeKeys.below(namespace, directory, 1)) > 0;
    }

    /**
     * A node and, if it is a directory, what is not hidden in it, in order of names.
     *
     * @param recursive with all descendants; else children only
     * @param nowEpochNanos the moment to which times to live are counted
     */
    public NodeInfo get(NodePath path, boolean recursive, long nowEpochNanos)
            throws NodeErrorException {
        var node = require(path);
        var info = node.info(nowEpochNanos);
        return node.dir()
                ? info.with(list(path, recursive ? Integer.MAX_VALUE : 1, nowEpochNanos))
                : info;
    }

    /** Reads level by level, then puts levels together from the lowest up. */
    private List<NodeInfo> list(NodePath directory, int maxLevels, long nowEpochNanos) {
        var levels = new ArrayList<List<NodeInfo>>();
        while (levels.size() < maxLevels) {
            var level = new ArrayList<NodeInfo>();
            var any = new boolean[1];
            view.scan(
                    NodeKeys.below(namespace, directory, levels.size() + 1),
                    false,
                    version -> {
                        any[0] = true;
                        var node = Node.decode(version);
                        if (!node.path().hiddenBelow(directory)) {
                            level.add(node.info(nowEpochNanos));
                        }
                        return true;
                    });
            if (!any[0]) {
                break;
            }
            levels.add(level);
        }
        Map<String, List<NodeInfo>> byParent = new HashMap<>();
        for (var level : levels.reversed()) {
            Map<String, List<NodeInfo>> parents = new HashMap<>();
            for (var info : level) {
                var complete = info.with(byParent.getOrDefault(info.key(), List.of()));
                parents.computeIfAbsent(parent(info.key()), _ -> new ArrayList<>()).add(complete);
            }
            byParent = parents;
        }
        return byParent.getOrDefault(directory.text(), List.of());
    }

    private static String parent(String key) {
        int end = key.lastIndexOf('/');
        return end == 0 ? "/" : key.substring(0, end);
    }
}
