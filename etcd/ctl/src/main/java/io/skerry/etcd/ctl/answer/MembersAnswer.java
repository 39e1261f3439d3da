package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;
import io.skerry.etcd.ctl.format.Table;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;
import java.util.stream.Collectors;

/** The members of the cluster. */
public record MembersAnswer(MemberListResponse message) implements Answer {
    @Override
    public String simple(Style style) {
        return table().plain();
    }

    @Override
    public Table table() {
        return new Table(
                List.of("ID", "Status", "Name", "Peer Addrs", "Client Addrs", "Is Learner"),
                message.getMembersList().stream().map(MembersAnswer::row).toList());
    }

    private static List<String> row(Member member) {
        return List.of(
                Long.toHexString(member.getID()),
                member.getName().isEmpty() ? "unstarted" : "started",
                ByteText.ofText(member.getName()),
                String.join(",", member.getPeerURLsList()),
                String.join(",", member.getClientURLsList()),
                Boolean.toString(member.getIsLearner()));
    }

    @Override
    public String fields() {
        var fields = new Fields().header(message.getHeader());
        for (Member member : message.getMembersList()) {
            fields.unsigned("ID", member.getID()).quoted("Name", member.getName());
            member.getPeerURLsList().forEach(url -> fields.quoted("PeerURL", url));
            member.getClientURLsList().forEach(url -> fields.quoted("ClientURL", url));
            fields.plain("IsLearner", member.getIsLearner()).blank();
        }
        return fields.toString();
    }

    /** {@inheritDoc} With {@code --hex} the ids are hexadecimal texts, as etcdctl 3.5 has them. */
    @Override
    public String json(Style style) {
        if (!style.hex()) {
            return Json.of(message);
        }
        var header = message.getHeader();
        String members =
                message.getMembersList().stream()
                        .map(MembersAnswer::hexJson)
                        .collect(Collectors.joining(",", ",\"members\":[", "]"));
        return "{\"header\":{\"cluster_id\":\"%x\",\"member_id\":\"%x\",\"raft_term\":%d}%s}"
                .formatted(
                        header.getClusterId(),
                        header.getMemberId(),
                        header.getRaftTerm(),
                        message.getMembersCount() == 0 ? "" : members);
    }

    private static String hexJson(Member member) {
        return "{\"ID\":\"%x\",\"name\":%s,\"peerURLs\":%s,\"clientURLs\":%s}"
                .formatted(
                        member.getID(),
                        Json.text(ByteText.ofText(member.getName())),
                        list(member.getPeerURLsList()),
                        list(member.getClientURLsList()));
    }

    private static String list(List<String> urls) {
        return urls.stream()
                .map(url -> Json.text(ByteText.ofText(url)))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
