package io.skerry.etcd.server.bootstrap;

import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import io.skerry.etcd.server.consensus.peer.Versions;
import io.skerry.etcd.server.membership.Beginning;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.etcd.server.membership.MemberList;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out as whom a member without data begins. */
public final class Bootstrap {
    private static final int ATTEMPTS = 5;

    /** While somebody is silent who may know better: cut off, it may be, or about to start. */
    private static final int ATTEMPTS_WITH_SILENT_MEMBERS = 30;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String name;
    private final Inquiry running;
    private final Duration pause;

    /**
     * @param name of the member
     * @param peerTls for peers whose URLs are https
     */
    public Bootstrap(String name, @Nullable TlsFiles peerTls, Versions versions) {
        this(name, new RunningCluster(peerTls, versions), PAUSE);
    }

    /**
     * @param pause between two attempts to join
     */
    Bootstrap(String name, Inquiry running, Duration pause) {
        this.name = name;
        this.running = running;
        this.pause = pause;
    }

    /**
     * A cluster that is new.
     *
     * @throws IOException if this member has been part of it already: it would vote a second time
     */
    public Beginning begin(InitialCluster cluster) throws IOException, InterruptedException {
        long id = cluster.memberId(name);
        for (MemberList told : running.ask(others(cluster))) {
            Member known = told.find(id);
            boolean started = known != null && !known.clientUrls().isEmpty();
            if (told.clusterId() == cluster.clusterId()
                    && (started || told.removed().contains(id))) {
                throw new IOException(
                        "member "
                                + Long.toHexString(id)
                                + " has already been bootstrapped and its data is not in"
                                + " --data-dir: remove it from the cluster, add it anew, and start"
                                + " it with --initial-cluster-state existing");
            }
        }
        return new Beginning(id, false, cluster.list());
    }

    /**
     * A cluster that exists, to which this member has been added. A member that is behind may not
     * know of that yet, so no single answer refuses, and no short silence.
     *
     * @throws IOException if nobody tells of it, or all who do tell of another
     */
    public Beginning join(InitialCluster cluster) throws IOException, InterruptedException {
        SortedSet<String> others = others(cluster);
        IOException refusal = null;
        for (int attempt = 1; ; attempt++) {
            List<MemberList> told = new ArrayList<>(running.ask(others));
            told.removeIf(list -> list.members().isEmpty());
            for (MemberList list : told) {
                try {
                    return joined(cluster, list);
                } catch (IOException e) {
                    refusal = e;
                }
            }
            boolean silence = told.size() < others.size();
            if (attempt >= (silence ? ATTEMPTS_WITH_SILENT_MEMBERS : ATTEMPTS)) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
        if (refusal != null) {
            throw refusal;
        }
        throw new IOException(
                "cannot fetch cluster info from peer urls: could not retrieve cluster information"
                        + " from the given URLs of --initial-cluster "
                        + cluster);
    }

    private Beginning joined(InitialCluster cluster, MemberList told) throws IOException {
        List<String> own = cluster.urls(name);
        if (told.members().size() != cluster.members().size()) {
            throw mismatch(cluster, "member count is unequal");
        }
        for (Member member : told.members()) {
            List<String> urls = member.peerUrls().stream().sorted().toList();
            if (!cluster.members().containsValue(urls)) {
                throw mismatch(
                        cluster,
                        "unmatched member while checking PeerURLs: the cluster has "
                                + String.join(",", urls));
            }
        }
        Member self =
                told.members().stream()
                        .filter(m -> m.peerUrls().stream().sorted().toList().equals(own))
                        .findFirst()
                        .orElseThrow(() ->
                                mismatch(cluster, "no member has the URLs of \"" + name + "\""));
        if (self.started()) {
            throw new IOException(
                    "member "
                            + Long.toHexString(self.id())
                            + " has been started before and its data is not in --data-dir: remove"
                            + " it from the cluster and add it anew");
        }
        return new Beginning(self.id(), true, told);
    }

    private static IOException mismatch(InitialCluster cluster, String why) {
        return new IOException(
                "error validating peerURLs of --initial-cluster " + cluster + ": " + why);
    }

    private SortedSet<String> others(InitialCluster cluster) {
        var urls = new TreeSet<String>();
        cluster.members()
                .forEach((member, peerUrls) -> {
                    if (!member.equals(name)) {
                        urls.addAll(peerUrls);
                    }
                });
        return urls;
    }
}
