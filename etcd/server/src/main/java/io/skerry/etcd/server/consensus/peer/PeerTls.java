package io.skerry.etcd.server.consensus.peer;

import io.skerry.base.tls.Pem;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS of one member from its files, which are read again when one has changed. Thread-safe. */
final class PeerTls {
    private final TlsFiles files;
    private @Nullable SSLContext context;
    private List<Object> stamp = List.of();

    PeerTls(TlsFiles files) {
        this.files = files;
    }

    /** The side that dials; the certificate must name the host. */
    SSLSocket client(Socket socket, InetSocketAddress peer) throws IOException {
        SSLSocket tls = wrap(socket, peer.getHostString(), peer.getPort());
        tls.setUseClientMode(true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        return tls;
    }

    /** The side that accepts. */
    SSLSocket server(Socket socket) throws IOException {
        SSLSocket tls = wrap(socket, socket.getInetAddress().getHostAddress(), socket.getPort());
        tls.setUseClientMode(false);
        if (files.trustedCa() != null) {
            if (files.clientCertificateRequired()) {
                tls.setNeedClientAuth(true);
            } else {
                tls.setWantClientAuth(true);
            }
        }
        return tls;
    }

    private SSLSocket wrap(Socket socket, String host, int port) throws IOException {
        return (SSLSocket) context().getSocketFactory().createSocket(socket, host, port, true);
    }

    /** Reads the files if need be; fails with a message that names the bad one. */
    synchronized SSLContext context() throws IOException {
        List<Object> now = new ArrayList<>(stampOf(files.certificate()));
        now.addAll(stampOf(files.key()));
        Path trusted = files.trustedCa();
        if (trusted != null) {
            now.addAll(stampOf(trusted));
        }
        SSLContext current = context;
        if (current == null || !now.equals(stamp)) {
            current = load(trusted);
            context = current;
            stamp = now;
        }
        return current;
    }

    private static List<Object> stampOf(Path file) throws IOException {
        return List.of(Files.getLastModifiedTime(file), Files.size(file));
    }

    private SSLContext load(@Nullable Path trusted) throws IOException {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(
                    "own",
                    Pem.privateKey(files.key()),
                    new char[0],
                    Pem.certificates(files.certificate()).toArray(Certificate[]::new));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            if (trusted == null) {
                trust.init((KeyStore) null);
            } else {
                KeyStore authorities = KeyStore.getInstance("PKCS12");
                authorities.load(null, null);
                int i = 0;
                for (Certificate authority : Pem.certificates(trusted)) {
                    authorities.setCertificateEntry("ca" + i++, authority);
                }
                trust.init(authorities);
            }
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "peer certificate "
                            + files.certificate()
                            + " with key "
                            + files.key()
                            + " cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }
}
