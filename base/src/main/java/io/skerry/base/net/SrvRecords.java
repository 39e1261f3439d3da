package io.skerry.base.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/** Asks the DNS where a service is (RFC 2782). Thread-safe. */
public final class SrvRecords {
    private static final String PROVIDER = "com.sun.jndi.dns.DnsContextFactory";
    private static final int FIELDS = 4;

    private final @Nullable InetSocketAddress resolver;

    /**
     * @param resolver asked instead of the host's own; null for that
     */
    public SrvRecords(@Nullable InetSocketAddress resolver) {
        this.resolver = resolver;
    }

    /** Where a record leads; the host has no dot at its end. */
    public record Target(String host, int port) {
        /** As it stands in a URL. */
        public String authority() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * The records of a name such as {@code _etcd-server._tcp.example.com}; priority and weight are
     * not looked at.
     *
     * @throws IOException if there are none, or nobody answers, with the DNS's words
     */
    public List<Target> lookUp(String name) throws IOException {
        try {
            return ask(name);
        } catch (NamingException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    /** Of JNDI only its client of the DNS is used, which makes no objects of what it reads. */
    @SuppressWarnings({"BanJNDI", "JdkObsolete"})
    private List<Target> ask(String name) throws NamingException {
        var environment = new Hashtable<String, String>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, PROVIDER);
        environment.put(
                Context.PROVIDER_URL,
                resolver == null
                        ? "dns:"
                        : "dns://" + resolver.getHostString() + ":" + resolver.getPort());
        var context = new InitialDirContext(environment);
        try {
            Attribute records = context.getAttributes(name, new String[] {"SRV"}).get("SRV");
            var targets = new ArrayList<Target>();
            for (int i = 0; records != null && i < records.size(); i++) {
                String[] fields = String.valueOf(records.get(i)).split(" ", -1);
                if (fields.length == FIELDS) {
                    String host = fields[3].replaceAll("\\.$", "").toLowerCase(Locale.ROOT);
                    targets.add(new Target(host, Integer.parseInt(fields[2])));
                }
            }
            return targets;
        } finally {
            context.close();
        }
    }
}
