package io.skerry.etcd.ctl.format;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/** What a command has to tell, in the words of every format that it supports. */
public interface Answer {
    /** For people and scripts. */
    String simple(Style style);

    /** A field a line; null: this answer has no such form. */
    default @Nullable String fields() {
        return null;
    }

    /** Null: this answer is no table. */
    default @Nullable Table table() {
        return null;
    }

    /** The response as it came; null if it is no single message. */
    default @Nullable Message message() {
        return null;
    }

    /** The response's bytes; null: this answer has no such form. */
    default @Nullable ByteString protobuf() {
        Message message = message();
        return message == null ? null : message.toByteString();
    }

    /** In JSON; null: this answer has no such form. */
    default @Nullable String json(Style style) {
        Message message = message();
        return message == null ? null : Json.of(message);
    }

    /**
     * How the simple format shows keys and values.
     *
     * @param hex bytes as {@code \x}… instead of as they are
     * @param valueOnly no keys
     */
    record Style(boolean hex, boolean valueOnly) {}
}
