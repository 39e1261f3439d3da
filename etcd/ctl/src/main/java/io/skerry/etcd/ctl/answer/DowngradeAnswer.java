package io.skerry.etcd.ctl.answer;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.Downgrade;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Json;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.Locale;

/** What was asked about a downgrade is granted; it has no form as fields or table. */
public record DowngradeAnswer(Downgrade.Action action, Downgrade response) implements Answer {
    @Override
    public String simple(Style style) {
        return "Downgrade %s success, cluster version %s\n"
                .formatted(action.name().toLowerCase(Locale.ROOT), version());
    }

    private String version() {
        return ByteText.ofText(response.version());
    }

    @Override
    public String json(Style style) {
        return "{\"header\":%s,\"version\":%s}"
                .formatted(Json.of(response.header()), Json.text(version()));
    }

    @Override
    public ByteString protobuf() {
        return response.encode();
    }
}
