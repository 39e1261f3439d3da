package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.DeleteRangeResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import java.util.stream.Collectors;

/** How many keys were deleted, and which if that was asked for. */
public record DeleteAnswer(DeleteRangeResponse message) implements Answer {
    @Override
    public String simple(Style style) {
        return message.getPrevKvsList().stream()
                .map(keyValue -> KeyLines.of(keyValue, style))
                .collect(Collectors.joining("", message.getDeleted() + "\n", ""));
    }

    @Override
    public String fields() {
        var fields =
                new Fields().header(message.getHeader()).plain("Deleted", message.getDeleted());
        message.getPrevKvsList().forEach(keyValue -> fields.keyValue("Prev", keyValue));
        return fields.toString();
    }
}
