package io.skerry.etcd.ctl.remote;

import io.skerry.base.net.SrvRecords;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.text.Quoting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Members as a domain tells them to clients: by the SRV records {@code _etcd-client-ssl._tcp} for
 * https and {@code _etcd-client._tcp} for http.
 *
 * @param service is appended to both names with a hyphen; empty for none
 * @param insecure whether http counts
 */
public record ClientRecords(String domain, String service, boolean insecure) {
    /** Who knows the records of a name. */
    public interface Names {
        /**
         * The records of a name.
         *
         * @throws IOException if there are none
         */
        List<SrvRecords.Target> lookUp(String name) throws IOException;
    }

    /**
     * The members' URLs, those with https first.
     *
     * @param ignored is told of those that do not count
     */
    public List<String> endpoints(Names names, Consumer<String> ignored) throws CtlFailure {
        var endpoints = new ArrayList<String>();
        var failures = new ArrayList<String>();
        find(names, "https", "_etcd-client-ssl", endpoints, failures);
        int secure = endpoints.size();
        find(names, "http", "_etcd-client", endpoints, failures);
        if (endpoints.isEmpty()) {
            throw CtlFailure.error("dns lookup errors: " + String.join(" and ", failures));
        }
        if (insecure) {
            return endpoints;
        }
        endpoints
                .subList(secure, endpoints.size())
                .forEach(url ->
                        ignored.accept(
                                "ignoring discovered insecure endpoint " + Quoting.quote(url)));
        return endpoints.subList(0, secure);
    }

    /**
     * A command line whose endpoints are a domain's members, if it names a domain that has some.
     *
     * @param ignored is told of those that do not count
     */
    public static Given applied(Given given, Names names, Consumer<String> ignored)
            throws CtlFailure {
        String domain = given.text("discovery-srv");
        if (domain.isEmpty()) {
            return given;
        }
        String service = given.values().getOrDefault("discovery-srv-name", "");
        var records = new ClientRecords(domain, service, given.on("insecure-discovery"));
        List<String> endpoints = records.endpoints(names, ignored);
        return endpoints.isEmpty() ? given : given.with("endpoints", String.join(",", endpoints));
    }

    private void find(
            Names names,
            String scheme,
            String prefix,
            List<String> endpoints,
            List<String> failures) {
        String suffix = service.isEmpty() ? "" : "-" + service;
        try {
            names.lookUp(prefix + suffix + "._tcp." + domain)
                    .forEach(target -> endpoints.add(scheme + "://" + target.authority()));
        } catch (IOException e) {
            failures.add(String.valueOf(e.getMessage()));
        }
    }
}
