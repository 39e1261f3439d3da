package io.skerry.base.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/** Checks against the authorities that the file holds now, then against the rules. */
final class TrustedSide extends X509ExtendedTrustManager {
    private final FollowedFiles<X509ExtendedTrustManager> authorities;
    private final CertificateRules rules;

    TrustedSide(FollowedFiles<X509ExtendedTrustManager> authorities, CertificateRules rules) {
        this.authorities = authorities;
        this.rules = rules;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        authorities.current().checkClientTrusted(chain, type, socket);
        rules.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        if (socket instanceof SSLSocket tls && ExactName.isAskedFor(tls, chain[0])) {
            checkWithoutName(chain, type, tls);
        } else {
            authorities.current().checkServerTrusted(chain, type, socket);
        }
        rules.check(chain);
    }

    /** All of the check but that of the name, whose result is known. */
    private void checkWithoutName(X509Certificate[] chain, String type, SSLSocket socket)
            throws CertificateException {
        SSLParameters asked = socket.getSSLParameters();
        SSLParameters nameless = socket.getSSLParameters();
        nameless.setEndpointIdentificationAlgorithm("");
        socket.setSSLParameters(nameless);
        try {
            authorities.current().checkServerTrusted(chain, type, socket);
        } finally {
            socket.setSSLParameters(asked);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        authorities.current().checkClientTrusted(chain, type, engine);
        rules.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        authorities.current().checkServerTrusted(chain, type, engine);
        rules.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        authorities.current().checkClientTrusted(chain, type);
        rules.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        authorities.current().checkServerTrusted(chain, type);
        rules.check(chain);
    }

    /** What the rules say now; an authority that vouched once still does. */
    void checkRules(X509Certificate[] chain) throws CertificateException {
        rules.check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.current().getAcceptedIssuers();
    }
}
