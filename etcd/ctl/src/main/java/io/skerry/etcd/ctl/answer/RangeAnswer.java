package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.RangeResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import java.util.stream.Collectors;

/** What {@code get} found. */
public record RangeAnswer(RangeResponse message) implements Answer {
    @Override
    public String simple(Style style) {
        return message.getKvsList().stream()
                .map(keyValue -> KeyLines.of(keyValue, style))
                .collect(Collectors.joining());
    }

    @Override
    public String fields() {
        var fields = new Fields().header(message.getHeader());
        message.getKvsList().forEach(keyValue -> fields.keyValue("", keyValue));
        return fields.plain("More", message.getMore())
                .plain("Count", message.getCount())
                .toString();
    }
}
