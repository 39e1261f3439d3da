package io.skerry.etcd.server.bootstrap;

import io.skerry.base.log.Log;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.consensus.peer.PeerInquiry;
import io.skerry.etcd.server.consensus.peer.Versions;
import io.skerry.etcd.server.membership.MemberList;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks members at their peer URLs which cluster they are and who is in it. */
final class RunningCluster implements Inquiry {
    private static final Log LOG = Log.of(RunningCluster.class);
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private final @Nullable TlsFiles tls;
    private final Versions versions;

    RunningCluster(@Nullable TlsFiles tls, Versions versions) {
        this.tls = tls;
        this.versions = versions;
    }

    /** All are asked at the same time. */
    @Override
    public List<MemberList> ask(Collection<String> peerUrls) throws InterruptedException {
        var answers = new ArrayList<CompletableFuture<@Nullable MemberList>>();
        for (String url : peerUrls) {
            var answer = new CompletableFuture<@Nullable MemberList>();
            Thread.ofVirtual().name("inquire-" + url).start(() -> answer.complete(askOne(url)));
            answers.add(answer);
        }
        var lists = new ArrayList<MemberList>();
        long until = System.nanoTime() + 2 * PATIENCE.toNanos();
        for (CompletableFuture<@Nullable MemberList> answer : answers) {
            try {
                long left = Math.max(0, until - System.nanoTime());
                MemberList list = answer.get(left, TimeUnit.NANOSECONDS);
                if (list != null) {
                    lists.add(list);
                }
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("a member does not tell its cluster", "reason", e.getMessage());
            }
        }
        return lists;
    }

    private @Nullable MemberList askOne(String url) {
        try {
            return MemberList.decode(
                    PeerInquiry.ask(
                            MemberList.address(url),
                            url.startsWith("https:") ? tls : null,
                            versions,
                            PATIENCE));
        } catch (IOException | RuntimeException e) {
            LOG.info("a member does not tell its cluster", "url", url, "reason", e.getMessage());
            return null;
        }
    }
}
