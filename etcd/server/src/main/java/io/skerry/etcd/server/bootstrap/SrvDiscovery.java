package io.skerry.etcd.server.bootstrap;

import io.skerry.base.log.Log;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.etcd.server.membership.MemberList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Members of a new cluster are the SRV records of a domain: {@code _etcd-server-ssl._tcp} for https
 * and {@code _etcd-server._tcp} for http, as in etcd. A member is the one whose record leads to the
 * address of its own peer URL.
 */
public final class SrvDiscovery implements Discovery {
    private static final Log LOG = Log.of(SrvDiscovery.class);
    private static final String PROVIDER = "com.sun.jndi.dns.DnsContextFactory";
    private static final int SRV_FIELDS = 4;

    private final String domain;
    private final String serviceSuffix;
    private final String token;
    private final @Nullable InetSocketAddress resolver;

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
        this.resolver = resolver;
    }

    /** Where a record leads. */
    private record Target(String host, int port) {}

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
            for (Target target : lookUp(query)) {
                boolean own =
                        ownUrls.stream()
                                .anyMatch(url ->
                                        url.startsWith(scheme + "://") && leadsTo(target, url));
                String name = own ? ownName : Integer.toString(parts.size());
                String host =
                        target.host().contains(":") ? "[" + target.host() + "]" : target.host();
                parts.add(name + "=" + scheme + "://" + host + ":" + target.port());
            }
        } catch (NamingException e) {
            failures.add(query + ": " + e.getMessage());
        }
    }

    /** Of JNDI only its client of the DNS is used, which makes no objects of what it reads. */
    @SuppressWarnings({"BanJNDI", "JdkObsolete"})
    private List<Target> lookUp(String query) throws NamingException {
        var environment = new Hashtable<String, String>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, PROVIDER);
        InetSocketAddress asked = resolver;
        environment.put(
                Context.PROVIDER_URL,
                asked == null ? "dns:" : "dns://" + asked.getHostString() + ":" + asked.getPort());
        var context = new InitialDirContext(environment);
        try {
            Attribute records = context.getAttributes(query, new String[] {"SRV"}).get("SRV");
            var targets = new ArrayList<Target>();
            for (int i = 0; records != null && i < records.size(); i++) {
                String[] fields = String.valueOf(records.get(i)).split(" ", -1);
                if (fields.length == SRV_FIELDS) {
                    String host = fields[3].replaceAll("\\.$", "").toLowerCase(Locale.ROOT);
                    targets.add(new Target(host, Integer.parseInt(fields[2])));
                }
            }
            return targets;
        } finally {
            context.close();
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
