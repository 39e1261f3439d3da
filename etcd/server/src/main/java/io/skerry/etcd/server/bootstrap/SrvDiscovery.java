package io.skerry.etcd.server.bootstrap;

import io.skerry.base.log.Log;
import io.skerry.base.net.SrvRecords;
import io.skerry.base.net.SrvRecords.Target;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.etcd.server.membership.MemberList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Members of a new cluster are the SRV records of a domain: {@code _etcd-server-ssl._tcp} for https
 * and {@code _etcd-server._tcp} for http, as in etcd. A member is the one whose record leads to the
 * address of its own peer URL.
 */
public final class SrvDiscovery implements Discovery {
    private static final Log LOG = Log.of(SrvDiscovery.class);

    private final String domain;
    private final String serviceSuffix;
    private final String token;
    private final SrvRecords records;

    /**
     * @param domain that has the records
     * @param serviceName is appended to the service's name with a hyphen; empty for none
     * @param token keeps clusters apart
     * @param resolver asked instead of the host's own; null for that
     */
    public SrvDiscovery(
            String domain, String serviceName, String token, @Nullable InetSocketAddress resolver) {
        this.domain = domain;
        this.serviceSuffix = serviceName.isEmpty() ? "" : "-" + serviceName;
        this.token = token;
        this.records = new SrvRecords(resolver);
    }

    @Override
    public InitialCluster find(InitialCluster own, String name) throws IOException {
        var parts = new ArrayList<String>();
        var failures = new ArrayList<String>();
        add("https", "_etcd-server-ssl", own.urls(name), name, parts, failures);
        add("http", "_etcd-server", own.urls(name), name, parts, failures);
        if (parts.isEmpty()) {
            throw new IOException(
                    "--discovery-srv: error querying DNS SRV records of "
                            + domain
                            + ": "
                            + String.join("; ", failures));
        }
        LOG.info("members found in the domain", "domain", domain, "members", parts);
        var cluster = InitialCluster.parse(token, String.join(",", parts));
        if (!cluster.members().containsKey(name)) {
            throw new IOException(
                    "--discovery-srv: no record of "
                            + domain
                            + " leads to --initial-advertise-peer-urls "
                            + String.join(",", own.urls(name))
                            + "; the records make "
                            + cluster);
        }
        return cluster;
    }

    private void add(
            String scheme,
            String service,
            List<String> ownUrls,
            String ownName,
            List<String> parts,
            List<String> failures) {
        String query = service + serviceSuffix + "._tcp." + domain;
        try {
            for (Target target : records.lookUp(query)) {
                boolean own =
                        ownUrls.stream()
                                .anyMatch(url ->
                                        url.startsWith(scheme + "://") && leadsTo(target, url));
                String name = own ? ownName : Integer.toString(parts.size());
                parts.add(name + "=" + scheme + "://" + target.authority());
            }
        } catch (IOException e) {
            failures.add(e.getMessage());
        }
    }

    private static boolean leadsTo(Target target, String url) {
        InetSocketAddress own = MemberList.address(url);
        if (own.getPort() != target.port()) {
            return false;
        }
        if (own.getHostString().equalsIgnoreCase(target.host())) {
            return true;
        }
        try {
            return Objects.equals(
                    InetAddress.getByName(own.getHostString()),
                    InetAddress.getByName(target.host()));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
