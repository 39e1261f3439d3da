package io.skerry.etcd.server.v2store;

import org.jspecify.annotations.Nullable;

/**
 * A change of the tree, or the answer to a read.
 *
 * @param previous the node before the change
 * @param refresh whether only a time to live was renewed, of which watches are not told
 */
public record Event(Action action, NodeInfo node, @Nullable NodeInfo previous, boolean refresh) {

    /** The store's index that the change made. */
    public long index() {
        return node.modifiedIndex();
    }

    /** Whether a node is there that was not there before. */
    public boolean created() {
        return action == Action.CREATE || (action == Action.SET && previous == null);
    }

    /**
     * Whether a watch of a path is told: the node itself; for a recursive watch what lies under it,
     * unless a hidden name is between; and the end of a directory above it.
     */
    public boolean concerns(NodePath watched, boolean recursive) {
        if (refresh) {
            return false;
        }
        var changed = new NodePath(node.key());
        return changed.equals(watched)
                || (recursive && changed.under(watched) && !changed.hiddenBelow(watched))
                || (action.removes()
                        && previous != null
                        && previous.dir()
                        && watched.under(changed));
    }
}
