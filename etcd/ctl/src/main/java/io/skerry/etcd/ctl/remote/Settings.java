package io.skerry.etcd.ctl.remote;

import io.skerry.base.grpc.ServerTrust;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is, who asks and how long.
 *
 * @param secure TLS for endpoints that name no scheme
 * @param files own certificate; null: none
 * @param user who asks; empty: nobody in particular
 */
public record Settings(
        List<String> endpoints,
        boolean secure,
        @Nullable TlsFiles files,
        ServerTrust trust,
        Optional<User> user,
        Duration dialTimeout,
        Duration commandTimeout,
        boolean commandTimeoutGiven,
        boolean debug) {
    private static final String DESTINATION = "dest-";
    private static final String PROBES = "a silent connection is probed every 5.5 s";

    /** Flags of etcdctl that have no meaning here, and why or what to do instead. */
    private static final Map<String, String> REFUSED =
            Map.of(
                    "keepalive-time", PROBES,
                    "keepalive-timeout", PROBES);

    /** A name and its password. */
    public record User(String name, String password) {}

    public Settings {
        endpoints = List.copyOf(endpoints);
    }

    public static Settings of(Given flags, Passwords passwords) throws CtlFailure {
        for (var refused : REFUSED.entrySet()) {
            if (flags.has(refused.getKey())) {
                throw new CtlFailure(
                        ExitStatus.BAD_FEATURE,
                        "--" + refused.getKey() + " is not supported; " + refused.getValue());
            }
        }
        return of(
                flags,
                "",
                Arrays.stream(flags.text("endpoints").split(",", -1)).map(String::strip).toList(),
                user(flags, "", passwords));
    }

    /** Those of another cluster, by flags whose names begin with {@code dest-}. */
    public static Settings ofDestination(String endpoint, Given flags, Passwords passwords)
            throws CtlFailure {
        return of(flags, DESTINATION, List.of(endpoint), user(flags, DESTINATION, passwords));
    }

    private static Settings of(
            Given flags, String prefix, List<String> endpoints, Optional<User> user)
            throws CtlFailure {
        if (flags.text(prefix + "cert").isEmpty() != flags.text(prefix + "key").isEmpty()) {
            throw CtlFailure.arguments(
                    "--%1$scert and --%1$skey must be given together".formatted(prefix));
        }
        Path authority = file(flags, prefix + "cacert");
        Path certificate = file(flags, prefix + "cert");
        Path key = file(flags, prefix + "key");
        boolean tls =
                authority != null
                        || certificate != null
                        || !flags.on(prefix + "insecure-transport");
        return new Settings(
                endpoints,
                tls,
                certificate == null || key == null
                        ? null
                        : new TlsFiles(certificate, key, authority, false),
                new ServerTrust(authority, !flags.on("insecure-skip-tls-verify")),
                user,
                flags.duration("dial-timeout"),
                flags.duration("command-timeout"),
                flags.has("command-timeout"),
                flags.on("debug"));
    }

    /** The same for other endpoints. */
    public Settings at(List<String> others) {
        return new Settings(
                others,
                secure,
                files,
                trust,
                user,
                dialTimeout,
                commandTimeout,
                commandTimeoutGiven,
                debug);
    }

    /** The same for nobody in particular. */
    public Settings anonymous() {
        return new Settings(
                endpoints,
                secure,
                files,
                trust,
                Optional.empty(),
                dialTimeout,
                commandTimeout,
                commandTimeoutGiven,
                debug);
    }

    /** A client of one endpoint's HTTP side. */
    BlockingHttp http(ListenUrl url) throws IOException {
        var context = TlsIdentity.clientContext(files, trust.authority(), trust.verified());
        return BlockingHttp.over(url, context, commandTimeout);
    }

    List<URI> uris() throws CtlFailure {
        var uris = new ArrayList<URI>();
        for (String endpoint : endpoints) {
            uris.add(uri(endpoint));
        }
        return uris;
    }

    private URI uri(String endpoint) throws CtlFailure {
        String url =
                endpoint.contains("://") ? endpoint : (secure ? "https://" : "http://") + endpoint;
        try {
            URI uri = URI.create(url);
            boolean socket = "unix".equals(uri.getScheme());
            if (socket || (uri.getHost() != null && uri.getPort() > 0)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw noEndpoint(endpoint);
        }
        throw noEndpoint(endpoint);
    }

    private static CtlFailure noEndpoint(String endpoint) {
        return CtlFailure.arguments(
                "--endpoints: \"%s\" is no HOST:PORT, http://HOST:PORT, https://HOST:PORT or unix:///PATH"
                        .formatted(endpoint));
    }

    private static @Nullable Path file(Given flags, String name) throws CtlFailure {
        String value = ByteText.toText(flags.text(name));
        if (!value.isEmpty()) {
            Path path = Path.of(value);
            if (!Files.exists(path)) {
                throw CtlFailure.arguments("open " + value + ": no such file or directory");
            }
            return path;
        }
        if (flags.has(name)) {
            throw CtlFailure.arguments("empty string is passed to --" + name + " option");
        }
        return null;
    }

    private static Optional<User> user(Given flags, String prefix, Passwords passwords)
            throws CtlFailure {
        String user = flags.text(prefix + "user");
        String password = flags.text(prefix + "password");
        if (user.isEmpty()) {
            return Optional.empty();
        }
        if (!password.isEmpty()) {
            return Optional.of(new User(user, password));
        }
        int colon = user.indexOf(':');
        return Optional.of(
                colon < 0
                        ? new User(
                                user,
                                passwords.ask(
                                        prefix.isEmpty() ? "Password: " : "Destination Password: "))
                        : new User(user.substring(0, colon), user.substring(colon + 1)));
    }
}
