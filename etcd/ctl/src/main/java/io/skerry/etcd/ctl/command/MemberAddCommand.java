package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberAddRequest;
import io.etcd.jetcd.api.MemberAddResponse;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PlainAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.etcd.ctl.text.Quoting;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Adds a member, and says with what it is to be started. */
public final class MemberAddCommand implements Command {
    @Override
    public String usage() {
        return "NAME --peer-urls URL[,URL...] [FLAGS]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Flag.on("learner", "without a vote until it is promoted"), PeerUrls.FLAG);
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String name = name(invocation.words());
        List<String> urls = PeerUrls.of(invocation);
        var request =
                MemberAddRequest.newBuilder()
                        .addAllPeerURLs(urls)
                        .setIsLearner(invocation.on("learner"))
                        .build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.MEMBER_ADD, request);
            String told =
                    "Member %16x added to cluster %16x\n\n"
                            .formatted(
                                    response.getMember().getID(),
                                    response.getHeader().getClusterId());
            invocation.print(
                    new PlainAnswer(
                            response,
                            told + settings(response, name, invocation.given().text("peer-urls"))));
        }
    }

    private static String name(List<String> words) throws CtlFailure {
        if (words.isEmpty()) {
            throw CtlFailure.arguments("member name not provided");
        }
        if (words.size() > 1) {
            throw CtlFailure.arguments(
                    words.stream()
                            .filter(word -> word.toLowerCase(Locale.ROOT).startsWith("http"))
                            .map(", did you mean --peer-urls=%s"::formatted)
                            .collect(Collectors.joining("", "too many arguments", "")));
        }
        return words.getFirst();
    }

    private static String settings(MemberAddResponse response, String name, String urls) {
        String cluster =
                response.getMembersList().stream()
                        .flatMap(member ->
                                member.getPeerURLsList().stream()
                                        .map(url -> nameOf(member, response, name) + "=" + url))
                        .collect(Collectors.joining(","));
        return "ETCD_NAME=%s\nETCD_INITIAL_CLUSTER=%s\nETCD_INITIAL_ADVERTISE_PEER_URLS=%s\nETCD_INITIAL_CLUSTER_STATE=\"existing\"\n"
                .formatted(Quoting.quote(name), Quoting.quote(cluster), Quoting.quote(urls));
    }

    private static String nameOf(Member member, MemberAddResponse response, String name) {
        return member.getID() == response.getMember().getID()
                ? name
                : ByteText.ofText(member.getName());
    }
}
