package io.skerry.etcd.ctl.answer;

import com.google.protobuf.Message;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;

/**
 * A lease was granted or renewed.
 *
 * @param more further members of the JSON form
 */
public record LeaseAnswer(
        Message message, ResponseHeader header, long id, long ttl, String line, String more)
        implements Answer {
    public static LeaseAnswer granted(LeaseGrantResponse response) {
        return new LeaseAnswer(
                response,
                response.getHeader(),
                response.getID(),
                response.getTTL(),
                "lease %016x granted with TTL(%ds)".formatted(response.getID(), response.getTTL()),
                ",\"Error\":" + Json.text(response.getError()));
    }

    public static LeaseAnswer renewed(LeaseKeepAliveResponse response) {
        return new LeaseAnswer(
                response,
                response.getHeader(),
                response.getID(),
                response.getTTL(),
                "lease %016x keepalived with TTL(%d)"
                        .formatted(response.getID(), response.getTTL()),
                "");
    }

    @Override
    public String simple(Style style) {
        return line + "\n";
    }

    @Override
    public String fields() {
        return new Fields().header(header).plain("ID", id).plain("TTL", ttl).toString();
    }

    @Override
    public String json(Style style) {
        return "{%s,\"ID\":%d,\"TTL\":%d%s}".formatted(Json.inlined(header), id, ttl, more);
    }
}
