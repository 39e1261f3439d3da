package io.skerry.etcd.ctl.answer;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.LeaseTimeToLiveResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * How long a lease has to live.
 *
 * @param keys whether its keys were asked for
 */
public record TimeToLiveAnswer(LeaseTimeToLiveResponse message, boolean keys) implements Answer {
    @Override
    public String simple(Style style) {
        if (message.getGrantedTTL() == 0 && message.getTTL() == -1) {
            return "lease %016x already expired\n".formatted(message.getID());
        }
        String attached =
                message.getKeysList().stream()
                        .map(ByteText::of)
                        .collect(Collectors.joining(" ", ", attached keys([", "])"));
        return "lease %016x granted with TTL(%ds), remaining(%ds)%s\n"
                .formatted(
                        message.getID(),
                        message.getGrantedTTL(),
                        message.getTTL(),
                        keys ? attached : "");
    }

    @Override
    public String fields() {
        var fields =
                new Fields()
                        .header(message.getHeader())
                        .plain("ID", message.getID())
                        .plain("TTL", message.getTTL())
                        .plain("GrantedTTL", message.getGrantedTTL());
        message.getKeysList().forEach(key -> fields.quoted("Key", key));
        return fields.toString();
    }

    @Override
    public String json(Style style) {
        String list =
                message.getKeysList().stream()
                        .map(TimeToLiveAnswer::base64)
                        .collect(Collectors.joining(",", "[", "]"));
        return "{%s,\"id\":%d,\"ttl\":%d,\"granted-ttl\":%d,\"keys\":%s}"
                .formatted(
                        Json.inlined(message.getHeader()),
                        message.getID(),
                        message.getTTL(),
                        message.getGrantedTTL(),
                        message.getKeysCount() == 0 ? "null" : list);
    }

    private static String base64(ByteString key) {
        return '"' + Base64.getEncoder().encodeToString(key.toByteArray()) + '"';
    }
}
