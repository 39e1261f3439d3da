package io.skerry.etcd.ctl.command;

import com.google.protobuf.ByteString;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.text.ByteText;

/**
 * The keys that a command means by its words and {@code --prefix} or {@code --from-key}.
 *
 * @param end empty: only the key itself
 */
record KeySpan(ByteString start, ByteString end) {
    private static final String FIRST = "\0";

    static KeySpan of(Given given) throws CtlFailure {
        boolean prefix = given.on("prefix");
        boolean fromKey = given.on("from-key");
        if (prefix && fromKey) {
            throw CtlFailure.arguments(
                    "`--prefix` and `--from-key` cannot be set at the same time, choose one");
        }
        String key = given.words().getFirst();
        if (given.words().size() > 1) {
            if (prefix || fromKey) {
                throw CtlFailure.arguments(
                        "too many arguments, only accept one argument when `--prefix` or"
                                + " `--from-key` is set");
            }
            return of(key, given.words().get(1));
        }
        if (!prefix && !fromKey) {
            return of(key, "");
        }
        if (key.isEmpty() || fromKey) {
            return of(key.isEmpty() ? FIRST : key, FIRST);
        }
        return of(key, ByteText.prefixEnd(key));
    }

    private static KeySpan of(String start, String end) {
        return new KeySpan(ByteText.bytes(start), ByteText.bytes(end));
    }
}
