package io.skerry.etcd.server.consensus.peer;

import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** TLS of one member from its files, which are followed when they change. Thread-safe. */
final class PeerTls {
    private final TlsFiles files;
    private @Nullable Loaded loaded;

    private record Loaded(TlsIdentity identity, SSLContext context) {}

    PeerTls(TlsFiles files) {
        this.files = files;
    }

    /** Reads the files the first time; fails with a message that names the bad one. */
    void load() throws IOException {
        var _ = loaded();
    }

    private synchronized Loaded loaded() throws IOException {
        Loaded known = loaded;
        if (known == null) {
            try {
                var identity = TlsIdentity.loadForServer(files);
                known = new Loaded(identity, identity.sslContext());
            } catch (IOException e) {
                throw new IOException(
                        "peer certificate "
                                + files.certificate()
                                + " with key "
                                + files.key()
                                + " cannot be used: "
                                + e.getMessage(),
                        e);
            }
            loaded = known;
        }
        return known;
    }

    /** The side that dials; the certificate must name the host. */
    SSLSocket client(Socket socket, InetSocketAddress peer) throws IOException {
        SSLSocket tls = wrap(socket, peer.getHostString(), peer.getPort());
        tls.setUseClientMode(true);
        if (!files.rules().unverified()) {
            var parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
        }
        return tls;
    }

    /** The side that accepts, when the handshake is done. */
    SSLSocket server(Socket socket) throws IOException {
        SSLSocket tls = wrap(socket, socket.getInetAddress().getHostAddress(), socket.getPort());
        tls.setUseClientMode(false);
        if (files.trustedCa() != null || files.rules().unverified()) {
            if (files.clientCertificateRequired()) {
                tls.setNeedClientAuth(true);
            } else {
                tls.setWantClientAuth(true);
            }
        }
        tls.startHandshake();
        try {
            loaded().identity().checkResumed(tls.getSession());
        } catch (SSLPeerUnverifiedException e) {
            forgetSessions();
            throw e;
        }
        return tls;
    }

    /**
     * A peer whose certificate is refused would go on with its session, and so with that
     * certificate, although it may have another one by now. Its next handshake is a whole one.
     */
    private synchronized void forgetSessions() throws IOException {
        var identity = loaded().identity();
        loaded = new Loaded(identity, identity.sslContext());
    }

    private SSLSocket wrap(Socket socket, String host, int port) throws IOException {
        var tls =
                (SSLSocket)
                        loaded().context()
                                .getSocketFactory()
                                .createSocket(socket, host, port, true);
        tls.setEnabledProtocols(files.rules().protocolArray());
        var suites = files.rules().enabledSuites();
        if (suites != null) {
            tls.setEnabledCipherSuites(suites.toArray(String[]::new));
        }
        return tls;
    }
}
