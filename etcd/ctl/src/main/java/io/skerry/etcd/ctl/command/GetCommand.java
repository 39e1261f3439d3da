package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeRequest.SortOrder;
import io.etcd.jetcd.api.RangeRequest.SortTarget;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.RangeAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.format.Format;
import java.util.List;
import java.util.Locale;

/** Reads keys. */
public final class GetCommand implements Command {
    static final List<Flag> FLAGS =
            List.of(
                    Flag.text("consistency", "l", "l: the latest; s: what the member has"),
                    Flag.on("count-only", "only how many there are, with -w fields"),
                    Flag.on("from-key", "all keys from this one on"),
                    Flag.on("keys-only", "without values"),
                    Flag.number("limit", 0, "at most so many; 0: all"),
                    Flag.text("order", "", "ASCEND or DESCEND"),
                    Flag.on("prefix", "all keys that begin so"),
                    Flag.on("print-value-only", "without keys, with -w simple"),
                    Flag.number("rev", 0, "as it was at this revision; 0: now"),
                    Flag.text("sort-by", "", "CREATE, KEY, MODIFY, VALUE or VERSION"));

    @Override
    public String usage() {
        return "[FLAGS] KEY [RANGE_END]";
    }

    @Override
    public List<Flag> flags() {
        return FLAGS;
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        RangeRequest request = request(invocation.given());
        Format format = invocation.format();
        boolean valueOnly = invocation.on("print-value-only");
        if (invocation.on("count-only") && format != Format.FIELDS) {
            throw CtlFailure.arguments("--count-only is only for `--write-out=fields`");
        }
        if (valueOnly && format != Format.SIMPLE) {
            throw CtlFailure.arguments("print-value-only is only for `--write-out=simple`");
        }
        try (var remote = invocation.connect()) {
            var response = remote.read(EtcdMethods.RANGE, request);
            invocation.print(new RangeAnswer(response), valueOnly);
        }
    }

    static RangeRequest request(Given given) throws CtlFailure {
        if (given.words().isEmpty()) {
            throw CtlFailure.arguments(
                    "get command needs one argument as key and an optional argument as range_end");
        }
        if (given.on("keys-only") && given.on("count-only")) {
            throw CtlFailure.arguments(
                    "`--keys-only` and `--count-only` cannot be set at the same time, choose one");
        }
        String consistency = given.text("consistency");
        if (!consistency.equals("l") && !consistency.equals("s")) {
            throw new CtlFailure(
                    ExitStatus.BAD_FEATURE, "unknown consistency flag \"" + consistency + "\"");
        }
        KeySpan span = KeySpan.of(given);
        var request =
                RangeRequest.newBuilder()
                        .setKey(span.start())
                        .setRangeEnd(span.end())
                        .setSerializable(consistency.equals("s"))
                        .setLimit(given.number("limit"))
                        .setKeysOnly(given.on("keys-only"))
                        .setCountOnly(given.on("count-only"));
        SortTarget target = target(given.text("sort-by"));
        SortOrder order = order(given.text("order"));
        // By key and upwards is the order of an answer anyhow.
        boolean natural = target == SortTarget.KEY && order == SortOrder.ASCEND;
        return request.setRevision(Math.max(0, given.number("rev")))
                .setSortTarget(target)
                .setSortOrder(natural ? SortOrder.NONE : order)
                .build();
    }

    private static SortOrder order(String name) throws CtlFailure {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "" -> SortOrder.NONE;
            case "ASCEND" -> SortOrder.ASCEND;
            case "DESCEND" -> SortOrder.DESCEND;
            default -> throw new CtlFailure(ExitStatus.BAD_FEATURE, "bad sort order " + name);
        };
    }

    private static SortTarget target(String name) throws CtlFailure {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "", "KEY" -> SortTarget.KEY;
            case "CREATE" -> SortTarget.CREATE;
            case "MODIFY" -> SortTarget.MOD;
            case "VALUE" -> SortTarget.VALUE;
            case "VERSION" -> SortTarget.VERSION;
            default -> throw new CtlFailure(ExitStatus.BAD_FEATURE, "bad sort target " + name);
        };
    }
}
