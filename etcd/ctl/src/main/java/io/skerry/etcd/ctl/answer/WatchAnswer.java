package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;
import java.util.stream.Collectors;

/** What happened to watched keys. */
public record WatchAnswer(WatchResponse message) implements Answer {
    @Override
    public String simple(Style style) {
        return message.getEventsList().stream()
                .map(event -> simple(event, style))
                .collect(Collectors.joining());
    }

    private static String simple(Event event, Style style) {
        String before = event.hasPrevKv() ? KeyLines.of(event.getPrevKv(), style) : "";
        return event.getType() + "\n" + before + KeyLines.of(event.getKv(), style);
    }

    @Override
    public String fields() {
        var fields = new Fields().header(message.getHeader());
        for (Event event : message.getEventsList()) {
            fields.plain("Type", event.getType());
            if (event.hasPrevKv()) {
                fields.keyValue("Prev", event.getPrevKv());
            }
            fields.keyValue("", event.getKv());
        }
        return fields.toString();
    }

    @Override
    public String json(Style style) {
        String events =
                message.getEventsList().stream()
                        .map(Json::of)
                        .collect(Collectors.joining(",", "[", "]"));
        return "{\"Header\":{%s},\"Events\":%s,\"CompactRevision\":%d,\"Canceled\":%s,\"Created\":%s}"
                .formatted(
                        Json.inlined(message.getHeader()),
                        events,
                        message.getCompactRevision(),
                        message.getCanceled(),
                        message.getCreated());
    }
}
