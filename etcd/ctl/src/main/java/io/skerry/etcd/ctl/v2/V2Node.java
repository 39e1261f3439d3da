package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key or directory as the v2 API tells it. In JSON it looks as etcdctl prints it: a value even of
 * directories, {@code nodes} even where there are none.
 */
@JsonPropertyOrder({
    "key",
    "dir",
    "value",
    "nodes",
    "createdIndex",
    "modifiedIndex",
    "expiration",
    "ttl"
})
record V2Node(
        String key,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean dir,
        String value,
        @Nullable List<V2Node> nodes,
        long createdIndex,
        long modifiedIndex,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String expiration,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonProperty("ttl") long ttl) {
    V2Node {
        // The root has no key, directories have no value.
        key = key == null ? "" : key;
        value = value == null ? "" : value;
    }

    List<V2Node> children() {
        return nodes == null ? List.of() : nodes;
    }
}
