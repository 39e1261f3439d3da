package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.HashKVResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;
import io.skerry.etcd.ctl.format.Table;
import java.util.List;
import java.util.stream.Collectors;

/** The hashes of what members hold. */
public record HashAnswer(List<Hash> members) implements Answer {
    /** What the member behind an endpoint said. */
    public record Hash(String endpoint, HashKVResponse response) {
        String number() {
            return Integer.toUnsignedString(response.getHash());
        }
    }

    public HashAnswer {
        members = List.copyOf(members);
    }

    @Override
    public String simple(Style style) {
        return table().plain();
    }

    @Override
    public Table table() {
        return new Table(
                List.of("endpoint", "hash"),
                members.stream().map(hash -> List.of(hash.endpoint, hash.number())).toList());
    }

    @Override
    public String fields() {
        var fields = new Fields();
        for (Hash hash : members) {
            fields.header(hash.response.getHeader())
                    .quoted("Endpoint", hash.endpoint)
                    .plain("Hash", hash.number())
                    .blank();
        }
        return fields.toString();
    }

    @Override
    public String json(Style style) {
        return members.stream()
                .map(hash ->
                        "{\"Endpoint\":%s,\"HashKV\":%s}"
                                .formatted(Json.text(hash.endpoint), Json.of(hash.response)))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
