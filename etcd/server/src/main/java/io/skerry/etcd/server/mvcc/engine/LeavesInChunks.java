package io.skerry.etcd.server.mvcc.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.Page;
import org.jspecify.annotations.Nullable;

/**
 * Finds pages of a map that lie in certain chunks of the file, some at a time and from one end of
 * the map to the other; only the inner pages of the tree are read for it, and those that are found.
 * Not thread-safe.
 */
final class LeavesInChunks {
    private static final int LEAF = 0;

    private final Set<Integer> chunks;
    private final int mostBytes;
    private final byte @Nullable [] from;
    private final List<byte[]> keys = new ArrayList<>();
    private int bytes;

    /**
     * @param mostBytes about how much the pages may hold together
     * @param from where to begin, null for the map's beginning
     */
    LeavesInChunks(Set<Integer> chunks, int mostBytes, byte @Nullable [] from) {
        this.chunks = chunks;
        this.mostBytes = mostBytes;
        this.from = from;
    }

    /** The least key of each page that was found, in order. */
    List<byte[]> under(Page<byte[], byte[]> root) {
        if (!root.isLeaf()) {
            search(root, from);
        } else if (lies(root.getPos()) && root.getKeyCount() > 0) {
            keys.add(root.getKey(0));
        }
        return keys;
    }

    /** Whether there may be more behind the last one that was found. */
    boolean full() {
        return bytes >= mostBytes;
    }

    private void search(Page<byte[], byte[]> node, byte @Nullable [] start) {
        int first = start == null ? 0 : childWith(node, start);
        int before = keys.size();
        for (int i = first; i <= node.getKeyCount() && !full(); i++) {
            long position = node.getChildPagePos(i);
            if (!isLeaf(node, i)) {
                search(node.getChildPage(i), i == first ? start : null);
            } else if (lies(position)) {
                add(node.getChildPage(i));
            }
        }
        if (keys.size() == before && first == 0 && lies(node.getPos())) {
            add(leastLeaf(node)); // a page is written with those above it
        }
    }

    private void add(Page<byte[], byte[]> leaf) {
        if (leaf.getKeyCount() > 0) {
            keys.add(leaf.getKey(0));
            bytes += DataUtils.getPageMaxLength(leaf.getPos());
        }
    }

    private static Page<byte[], byte[]> leastLeaf(Page<byte[], byte[]> node) {
        Page<byte[], byte[]> page = node;
        while (!page.isLeaf()) {
            page = page.getChildPage(0);
        }
        return page;
    }

    private static int childWith(Page<byte[], byte[]> node, byte[] key) {
        int child = 0;
        while (child < node.getKeyCount() && Arrays.compareUnsigned(node.getKey(child), key) <= 0) {
            child++;
        }
        return child;
    }

    /** The position of a page that was not written yet tells nothing, but it is in memory. */
    private static boolean isLeaf(Page<byte[], byte[]> node, int child) {
        long position = node.getChildPagePos(child);
        return isWritten(position)
                ? DataUtils.getPageType(position) == LEAF
                : node.getChildPage(child).isLeaf();
    }

    private static boolean isWritten(long position) {
        return position > 1;
    }

    /** What was not written yet lies nowhere. */
    private boolean lies(long position) {
        return isWritten(position) && chunks.contains(DataUtils.getPageChunkId(position));
    }
}
