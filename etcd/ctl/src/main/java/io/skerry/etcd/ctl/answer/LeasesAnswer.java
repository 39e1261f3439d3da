package io.skerry.etcd.ctl.answer;

import io.skerry.etcd.client.LeaseList;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;
import java.util.stream.Collectors;

/** All leases. */
public record LeasesAnswer(LeaseList leases) implements Answer {
    @Override
    public String simple(Style style) {
        return leases.ids().stream()
                .map("%016x\n"::formatted)
                .collect(
                        Collectors.joining(
                                "", "found %d leases\n".formatted(leases.ids().size()), ""));
    }

    @Override
    public String fields() {
        var fields = new Fields().header(leases.header());
        leases.ids().forEach(id -> fields.plain("ID", id));
        return fields.toString();
    }

    @Override
    public String json(Style style) {
        return "{%s,\"leases\":%s}"
                .formatted(
                        Json.inlined(leases.header()),
                        leases.ids().stream()
                                .map("{\"id\":%d}"::formatted)
                                .collect(Collectors.joining(",", "[", "]")));
    }
}
