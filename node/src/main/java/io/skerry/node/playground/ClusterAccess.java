package io.skerry.node.playground;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostState;
import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to reach a cluster from this machine.
 *
 * @param hosts the hosts that run come first, so that clients which try them in order succeed
 * @param pki folder of ca.crt, client.crt and client.key
 */
record ClusterAccess(List<Entrance> hosts, Path pki) {
    /**
     * A host as it is reached from here.
     *
     * @param running whether asking it makes sense at all
     * @param storeUrl of its store; on a host that is no member nobody answers there
     */
    record Entrance(
            String host, boolean running, boolean storeMember, String storeUrl, String fleetUrl) {}

    ClusterAccess {
        hosts = List.copyOf(hosts);
    }

    static ClusterAccess of(Playground playground) throws IOException {
        int members =
                ClusterPlan.load(playground.directory())
                        .map(ClusterPlan::storeMembers)
                        .orElse(ClusterFiles.MAX_STORE_MEMBERS);
        var running = new ArrayList<Entrance>();
        var others = new ArrayList<Entrance>();
        for (Host host : playground.hosts()) {
            boolean up = playground.state(host) == HostState.RUNNING;
            (up ? running : others).add(entrance(host, up, members));
        }
        running.addAll(others);
        return new ClusterAccess(running, ClusterFiles.pki(playground));
    }

    private static Entrance entrance(Host host, boolean running, int storeMembers) {
        return new Entrance(
                host.name(),
                running,
                host.number() <= storeMembers,
                "https://127.0.0.1:" + host.storePort(),
                "https://127.0.0.1:" + host.fleetPort());
    }

    List<String> storeUrls() {
        return hosts.stream().filter(Entrance::storeMember).map(Entrance::storeUrl).toList();
    }

    List<String> fleetUrls() {
        return hosts.stream().map(Entrance::fleetUrl).toList();
    }

    List<String> runningFleetUrls() {
        return hosts.stream().filter(Entrance::running).map(Entrance::fleetUrl).toList();
    }

    /** The addresses of fleet's API as its command line takes them. */
    List<ListenUrl> fleetAddresses() {
        return fleetUrls().stream().map(ListenUrl::parse).toList();
    }

    TlsFiles tls() {
        return new TlsFiles(
                pki.resolve("client.crt"), pki.resolve("client.key"), pki.resolve("ca.crt"), false);
    }
}
