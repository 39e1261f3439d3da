package io.skerry.etcd.ctl.command;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.Compare.CompareResult;
import io.etcd.jetcd.api.Compare.CompareTarget;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.GoNumbers;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.etcd.ctl.text.Quoting;

/** Reads a comparison of a transaction: {@code mod("key") > "0"}. */
final class CompareLine {
    /** {@code Compare.lease} and {@code Compare.CompareTarget.LEASE}, younger than the classes. */
    private static final int LEASE_FIELD = 8;

    private static final int LEASE_TARGET = 4;

    private CompareLine() {}

    static Compare parse(String line) throws CtlFailure {
        int bracket = line.indexOf('(');
        if (bracket < 0) {
            throw wrong("malformed comparison: " + line);
        }
        String target = line.substring(0, bracket);
        var key = Quoting.unquote(line, bracket + 1).orElse(new Quoting.Unquoted("", -1));
        String afterKey = key.end() < 0 ? "" : line.substring(key.end());
        if (!afterKey.startsWith(")")) {
            throw malformed(line, target, key.value(), "", "");
        }
        String rest = afterKey.substring(1).strip();
        int blank = rest.indexOf(' ');
        String operator = blank < 0 ? rest : rest.substring(0, blank);
        String quoted = blank < 0 ? "" : rest.substring(blank).strip();
        var value = Quoting.unquote(quoted, 0);
        if (value.isEmpty()) {
            throw malformed(line, target, key.value(), operator, "");
        }
        return compare(line, target, key.value(), operator, value.get().value());
    }

    private static Compare compare(
            String line, String target, String key, String operator, String value)
            throws CtlFailure {
        var compare =
                Compare.newBuilder().setKey(ByteText.bytes(key)).setResult(result(line, operator));
        try {
            switch (target) {
                case "ver", "version" ->
                        compare.setTarget(CompareTarget.VERSION)
                                .setVersion(GoNumbers.parseLong(value, 10));
                case "c", "create" ->
                        compare.setTarget(CompareTarget.CREATE)
                                .setCreateRevision(GoNumbers.parseLong(value, 10));
                case "m", "mod" ->
                        compare.setTarget(CompareTarget.MOD)
                                .setModRevision(GoNumbers.parseLong(value, 10));
                case "val", "value" ->
                        compare.setTarget(CompareTarget.VALUE).setValue(ByteText.bytes(value));
                case "lease" -> {
                    var lease =
                            UnknownFieldSet.Field.newBuilder()
                                    .addVarint(GoNumbers.parseLong(value, 16))
                                    .build();
                    compare.setTargetValue(LEASE_TARGET)
                            .setUnknownFields(
                                    UnknownFieldSet.newBuilder()
                                            .addField(LEASE_FIELD, lease)
                                            .build());
                }
                default ->
                        throw wrong(
                                "malformed comparison: "
                                        + line
                                        + " (unknown target "
                                        + target
                                        + ")");
            }
        } catch (GoNumbers.NotANumber e) {
            throw wrong("invalid txn compare request: " + line);
        }
        return compare.build();
    }

    private static CompareResult result(String line, String operator) throws CtlFailure {
        return switch (operator) {
            case "=" -> CompareResult.EQUAL;
            case "!=" -> CompareResult.NOT_EQUAL;
            case ">" -> CompareResult.GREATER;
            case "<" -> CompareResult.LESS;
            default ->
                    throw wrong(
                            "malformed comparison: "
                                    + line
                                    + " (operator "
                                    + operator
                                    + " is none of =, !=, > and <)");
        };
    }

    private static CtlFailure malformed(
            String line, String target, String key, String operator, String value) {
        return wrong(
                "malformed comparison: %s; got %s(%s) %s %s"
                        .formatted(
                                line, target, Quoting.quote(key), operator, Quoting.quote(value)));
    }

    private static CtlFailure wrong(String message) {
        return new CtlFailure(ExitStatus.INVALID_INPUT, message);
    }
}
