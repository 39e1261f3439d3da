package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.KeyValue;
import io.skerry.etcd.ctl.format.Answer.Style;
import io.skerry.etcd.ctl.text.ByteText;

/** A key and its value, a line each. */
final class KeyLines {
    private KeyLines() {}

    static String of(KeyValue keyValue, Style style) {
        String key = ByteText.of(keyValue.getKey());
        String value = ByteText.of(keyValue.getValue());
        String shown = (style.hex() ? ByteText.hex(value) : value) + "\n";
        return style.valueOnly() ? shown : (style.hex() ? ByteText.hex(key) : key) + "\n" + shown;
    }
}
