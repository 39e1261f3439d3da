package io.skerry.fleet.conf;

import io.skerry.base.grpc.ServerTrust;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdUser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is, and who asks.
 *
 * @param authority vouches for the members' certificates; null: the system's authorities
 * @param certificate the client's own; null: it shows none
 * @param key of that certificate
 * @param username null: nobody in particular
 * @param password null: it is in {@code passwordFile}
 */
public record StoreAccess(
        List<URI> uris,
        @Nullable Path authority,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable String username,
        @Nullable String password,
        @Nullable Path passwordFile,
        Duration requestTimeout) {

    static StoreAccess of(OptionValues values) throws ConfException {
        var access =
                new StoreAccess(
                        uris(values),
                        file(values, FleetOption.ETCD_CAFILE),
                        file(values, FleetOption.ETCD_CERTFILE),
                        file(values, FleetOption.ETCD_KEYFILE),
                        text(values, FleetOption.ETCD_USERNAME),
                        text(values, FleetOption.ETCD_PASSWORD),
                        file(values, FleetOption.ETCD_PASSWORD_FILE),
                        timeout(values));
        access.check(values);
        return access;
    }

    private void check(OptionValues values) throws ConfException {
        if ((certificate == null) != (key == null)) {
            throw new ConfException("etcd_certfile and etcd_keyfile are only of use together");
        }
        if (password != null && passwordFile != null) {
            throw values.refusal(
                    FleetOption.ETCD_PASSWORD, "left out where there is etcd_password_file");
        }
        if ((username != null) != (password != null || passwordFile != null)) {
            throw new ConfException(
                    "etcd_username needs etcd_password or etcd_password_file, and they need it");
        }
        boolean https = uris.stream().anyMatch(uri -> uri.getScheme().equals("https"));
        if (!https && (authority != null || certificate != null)) {
            throw values.refusal(
                    FleetOption.ETCD_SERVERS, "https:// where there are certificates for it");
        }
    }

    /**
     * As the client takes it.
     *
     * @throws IOException when the password's file cannot be read
     */
    public EtcdEndpoints endpoints() throws IOException {
        TlsFiles tls =
                certificate == null || key == null
                        ? null
                        : new TlsFiles(certificate, key, authority, false);
        var endpoints = new EtcdEndpoints(uris, tls, requestTimeout);
        if (tls == null && authority != null) {
            endpoints = endpoints.trusting(new ServerTrust(authority, true));
        }
        return username == null ? endpoints : endpoints.as(new EtcdUser(username, secret()));
    }

    private String secret() throws IOException {
        if (passwordFile == null) {
            return String.valueOf(password);
        }
        String first = Files.readString(passwordFile).lines().findFirst().orElse("");
        if (first.isEmpty()) {
            throw new IOException(
                    passwordFile + " must hold the password of the store's user " + username);
        }
        return first;
    }

    private static List<URI> uris(OptionValues values) throws ConfException {
        List<URI> uris =
                FleetConf.each(
                        values,
                        FleetOption.ETCD_SERVERS,
                        text -> {
                            if (ListenUrl.parse(text) instanceof ListenUrl.Tcp tcp) {
                                return URI.create(tcp.toString());
                            }
                            throw new IllegalArgumentException(
                                    "URL \"" + text + "\" must begin with http:// or https://");
                        });
        if (uris.isEmpty()) {
            throw values.refusal(FleetOption.ETCD_SERVERS, "at least one URL");
        }
        return uris;
    }

    private static Duration timeout(OptionValues values) throws ConfException {
        double seconds = FleetConf.number(values, FleetOption.ETCD_REQUEST_TIMEOUT, 0.1, 60);
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static @Nullable Path file(OptionValues values, FleetOption option)
            throws ConfException {
        return values.text(option).isEmpty() ? null : FleetConf.absolute(values, option);
    }

    private static @Nullable String text(OptionValues values, FleetOption option) {
        String text = values.text(option);
        return text.isEmpty() ? null : text;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "StoreAccess" + uris;
    }
}
