package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.StatusResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;
import io.skerry.etcd.ctl.format.Table;
import io.skerry.etcd.ctl.text.Sizes;
import java.util.List;
import java.util.stream.Collectors;

/** How members fare. */
public record StatusAnswer(List<Status> members) implements Answer {
    /** What the member behind an endpoint said. */
    public record Status(String endpoint, StatusResponse response) {}

    public StatusAnswer {
        members = List.copyOf(members);
    }

    @Override
    public String simple(Style style) {
        return table().plain();
    }

    @Override
    public Table table() {
        return new Table(
                List.of(
                        "endpoint",
                        "ID",
                        "version",
                        "db size",
                        "is leader",
                        "is learner",
                        "raft term",
                        "raft index",
                        "raft applied index",
                        "errors"),
                members.stream().map(StatusAnswer::row).toList());
    }

    private static List<String> row(Status status) {
        StatusResponse response = status.response;
        long id = response.getHeader().getMemberId();
        return List.of(
                status.endpoint,
                Long.toHexString(id),
                response.getVersion(),
                Sizes.of(response.getDbSize()),
                Boolean.toString(response.getLeader() == id),
                Boolean.toString(response.getIsLearner()),
                Long.toUnsignedString(response.getRaftTerm()),
                Long.toUnsignedString(response.getRaftIndex()),
                Long.toUnsignedString(response.getRaftAppliedIndex()),
                String.join(", ", response.getErrorsList()));
    }

    @Override
    public String fields() {
        var fields = new Fields();
        for (Status status : members) {
            StatusResponse response = status.response;
            fields.header(response.getHeader())
                    .quoted("Version", response.getVersion())
                    .plain("DBSize", response.getDbSize())
                    .unsigned("Leader", response.getLeader())
                    .plain("IsLearner", response.getIsLearner())
                    .unsigned("RaftIndex", response.getRaftIndex())
                    .unsigned("RaftTerm", response.getRaftTerm())
                    .unsigned("RaftAppliedIndex", response.getRaftAppliedIndex())
                    .plain("Errors", "[" + String.join(" ", response.getErrorsList()) + "]")
                    .quoted("Endpoint", status.endpoint)
                    .blank();
        }
        return fields.toString();
    }

    @Override
    public String json(Style style) {
        return members.stream()
                .map(status ->
                        "{\"Endpoint\":%s,\"Status\":%s}"
                                .formatted(Json.text(status.endpoint), Json.of(status.response)))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
