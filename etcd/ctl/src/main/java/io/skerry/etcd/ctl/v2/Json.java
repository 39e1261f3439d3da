package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.SequencedMap;

/** Bodies of requests. */
final class Json {
    private Json() {}

    static String list(List<String> texts) {
        return write(texts);
    }

    /** Values are texts, lists or mappings. */
    static String object(SequencedMap<String, Object> members) {
        return write(members);
    }

    private static String write(Object value) {
        try {
            return V2Store.JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
