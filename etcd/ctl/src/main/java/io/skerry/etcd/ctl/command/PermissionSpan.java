package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;

/** The keys of a permission. */
record PermissionSpan(String start, String end) {
    static final List<Flag> FLAGS =
            List.of(
                    Flag.on("from-key", "all keys from this one on"),
                    Flag.on("prefix", "all keys that begin so"));

    private static final String FIRST = "\0";

    /** Of the words from {@code at} on: a key, and perhaps an end. */
    static PermissionSpan of(Given given, int at) throws CtlFailure {
        boolean prefix = given.on("prefix");
        boolean fromKey = given.on("from-key");
        String key = given.words().get(at);
        boolean hasEnd = given.words().size() > at + 1;
        if (hasEnd && !key.isEmpty() && (prefix || fromKey)) {
            throw CtlFailure.arguments(
                    "unexpected endkey argument with --%s flag"
                            .formatted(prefix ? "prefix" : "from-key"));
        }
        if (prefix && fromKey) {
            throw CtlFailure.arguments("--from-key and --prefix flags are mutually exclusive");
        }
        if (key.isEmpty()) {
            return new PermissionSpan(FIRST, prefix || fromKey ? FIRST : "");
        }
        if (hasEnd) {
            return new PermissionSpan(key, given.words().get(at + 1));
        }
        return new PermissionSpan(key, prefix ? ByteText.prefixEnd(key) : fromKey ? FIRST : "");
    }
}
