package io.skerry.flannel.etcdv2;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.skerry.etcd.client.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A node of the v2 key space.
 *
 * @param createdIndex of its creation; {@code set} creates anew, {@code compareAndSwap} does not
 * @param expires whether it has a time to live
 * @param children those of a directory, as far as they were asked for
 */
record Node(
        String key,
        String value,
        boolean directory,
        long createdIndex,
        long modifiedIndex,
        boolean expires,
        List<Node> children) {
    Node {
        children = List.copyOf(children);
    }

    static Node of(JsonNode tree) {
        var children = new ArrayList<Node>();
        tree.path("nodes").forEach(child -> children.add(of(child)));
        return new Node(
                tree.path("key").asText(),
                tree.path("value").asText(),
                tree.path("dir").asBoolean(),
                tree.path("createdIndex").asLong(),
                tree.path("modifiedIndex").asLong(),
                tree.has("expiration"),
                children);
    }

    /** The values in and below it. */
    List<KeyValue> entries() {
        var entries = new ArrayList<KeyValue>();
        collect(entries);
        return entries;
    }

    /** What is in and below it without a value. */
    Stream<Node> directories() {
        return directory
                ? Stream.concat(Stream.of(this), children.stream().flatMap(Node::directories))
                : Stream.of();
    }

    private void collect(List<KeyValue> into) {
        if (!directory) {
            into.add(entry());
        }
        children.forEach(child -> child.collect(into));
    }

    /** In the words of v3, where a node that expires hangs on a lease: on that of its creation. */
    KeyValue entry() {
        return new KeyValue(
                key,
                ByteString.copyFromUtf8(value),
                createdIndex,
                modifiedIndex,
                1,
                expires ? createdIndex : 0);
    }
}
