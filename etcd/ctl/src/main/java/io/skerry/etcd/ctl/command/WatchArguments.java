package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.FlagSet;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.remote.GlobalFlags;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is to be watched, and which program each event starts.
 *
 * @param program empty: none
 */
record WatchArguments(WatchCreateRequest request, List<String> program) {
    static final List<Flag> FLAGS =
            List.of(
                    Flag.on("interactive", "read watch lines from standard input").letter('i'),
                    Flag.on("prefix", "all keys that begin so"),
                    Flag.on("prev-kv", "show what keys were before"),
                    Flag.on("progress-notify", "tell the revision while nothing happens"),
                    Flag.number("rev", 0, "from this revision on; 0: from now on"));

    static final String KEY = "ETCDCTL_WATCH_KEY";
    private static final String RANGE_END = "ETCDCTL_WATCH_RANGE_END";
    private static final String BAD_NUMBER = "bad number of arguments";

    /**
     * Reads the words after {@code watch}.
     *
     * @param environment may name the key instead of the words
     */
    static WatchArguments parse(List<String> line, Map<String, String> environment)
            throws CtlFailure {
        String key = environment.getOrDefault(KEY, "");
        String end = environment.getOrDefault(RANGE_END, "");
        if (key.isEmpty() && !end.isEmpty()) {
            throw CtlFailure.arguments(KEY + " is empty but got " + RANGE_END + "=\"" + end + "\"");
        }
        int separator = line.indexOf("--");
        if (separator >= 0 && separator == line.size() - 1) {
            throw CtlFailure.arguments(BAD_NUMBER + " (found separator --, but no commands)");
        }
        List<String> own = separator < 0 ? line : line.subList(0, separator);
        List<String> program = separator < 0 ? List.of() : line.subList(separator + 1, line.size());
        Given given = new FlagSet(GlobalFlags.with(FLAGS)).parse(own);
        var words = new ArrayList<>(given.words());
        if (!key.isEmpty()) {
            if (!words.isEmpty()) {
                throw CtlFailure.arguments(BAD_NUMBER + " (found conflicting environment key)");
            }
            words.add(ByteText.ofText(key));
            if (!end.isEmpty()) {
                words.add(ByteText.ofText(end));
            }
        }
        if (words.isEmpty() || words.size() > 2) {
            throw CtlFailure.arguments(BAD_NUMBER);
        }
        return new WatchArguments(request(given, words), List.copyOf(program));
    }

    private static WatchCreateRequest request(Given given, List<String> words) throws CtlFailure {
        boolean prefix = given.on("prefix");
        if (prefix && words.size() == 2) {
            throw CtlFailure.arguments("`range_end` and `--prefix` are mutually exclusive");
        }
        String key = words.getFirst();
        String end = words.size() == 2 ? words.get(1) : "";
        if (prefix) {
            end = ByteText.prefixEnd(key);
            key = key.isEmpty() ? "\0" : key;
        }
        return WatchCreateRequest.newBuilder()
                .setKey(ByteText.bytes(key))
                .setRangeEnd(ByteText.bytes(end))
                .setStartRevision(given.number("rev"))
                .setPrevKv(given.on("prev-kv"))
                .setProgressNotify(given.on("progress-notify"))
                .build();
    }
}
