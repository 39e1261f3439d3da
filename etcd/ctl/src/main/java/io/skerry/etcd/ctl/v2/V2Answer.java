package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * What the v2 API answers about keys.
 *
 * @param prevNode what was there before; null: nothing, or it does not matter
 * @param index the store's index
 */
record V2Answer(String action, V2Node node, @Nullable V2Node prevNode, @JsonIgnore long index) {
    V2Answer at(long storeIndex) {
        return new V2Answer(action, node, prevNode, storeIndex);
    }
}
