package io.skerry.base.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Key and trust material that follows its files: a handshake uses what the files hold then. New
 * contents that cannot be read leave the old in use. Thread-safe.
 */
public final class TlsIdentity {
    private final KeyManager keys;
    private final @Nullable X509ExtendedTrustManager trust;

    private TlsIdentity(KeyManager keys, @Nullable X509ExtendedTrustManager trust) {
        this.keys = keys;
        this.trust = trust;
    }

    /**
     * Reads the files for the first time.
     *
     * @throws IOException names the file and what is wrong with it
     */
    public static TlsIdentity load(TlsFiles files) throws IOException {
        return load(files, false);
    }

    /**
     * As {@link #load}, and refuses a key that does not belong to its certificate. A server would
     * otherwise start and fail each handshake; a command of the command line saves the time.
     */
    public static TlsIdentity loadForServer(TlsFiles files) throws IOException {
        return load(files, true);
    }

    private static TlsIdentity load(TlsFiles files, boolean checked) throws IOException {
        var keys =
                new FollowedFiles<>(
                        List.of(files.certificate(), files.key()),
                        generation -> KeyEntry.read(files, generation, checked || generation > 0));
        return new TlsIdentity(new KeyManager(keys), trust(files));
    }

    private static @Nullable X509ExtendedTrustManager trust(TlsFiles files) throws IOException {
        if (files.rules().unverified()) {
            return new AnySide();
        }
        Path ca = files.trustedCa();
        return ca == null
                ? null
                : new TrustedSide(
                        new FollowedFiles<>(List.of(ca), _ -> trustManager(trusted(ca))),
                        new CertificateRules(files.rules()));
    }

    /**
     * Trusts the authorities of a file, for a client without a certificate of its own.
     *
     * @throws IOException names the file and what is wrong with it
     */
    public static X509ExtendedTrustManager trustIn(Path authority) throws IOException {
        return new TrustedSide(
                new FollowedFiles<>(List.of(authority), _ -> trustManager(trusted(authority))),
                new CertificateRules(TlsRules.DEFAULT));
    }

    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    /** Null when no trusted authority was given. */
    public @Nullable X509ExtendedTrustManager trustManager() {
        return trust;
    }

    /**
     * Looks at the other side's certificate by the rules of now. A session that goes on from an
     * earlier connection brings the certificate of then, which nobody has looked at since.
     *
     * @throws SSLPeerUnverifiedException says what is wrong with it
     */
    public void checkResumed(SSLSession session) throws SSLPeerUnverifiedException {
        if (!(trust instanceof TrustedSide side)) {
            return;
        }
        Certificate[] shown;
        try {
            shown = session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException none) {
            // Whether there must be one was settled by the handshake.
            return;
        }
        try {
            side.checkRules(Arrays.copyOf(shown, shown.length, X509Certificate[].class));
        } catch (CertificateException e) {
            var refusal = new SSLPeerUnverifiedException(e.getMessage());
            refusal.initCause(e);
            throw refusal;
        }
    }

    /** A context for blocking sockets, TLS 1.2 and newer. */
    public SSLContext sslContext() {
        return context(keys, trust);
    }

    private static SSLContext context(
            @Nullable KeyManager shown, @Nullable X509ExtendedTrustManager believed) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    shown == null ? null : new javax.net.ssl.KeyManager[] {shown},
                    believed == null ? null : new TrustManager[] {believed},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    /**
     * A context for blocking sockets of a client that need not have a certificate itself.
     *
     * @param own null: it shows none
     * @param authority whom it believes; null: the system's authorities
     * @param verified false: it believes anybody
     */
    public static SSLContext clientContext(
            @Nullable TlsFiles own, @Nullable Path authority, boolean verified) throws IOException {
        X509ExtendedTrustManager believed =
                !verified ? new AnySide() : authority == null ? null : trustIn(authority);
        return context(own == null ? null : load(own).keys, believed);
    }

    /** For a connection that is never made. */
    static SSLContext trustingAnybody() {
        return context(null, new AnySide());
    }

    private static KeyStore trusted(Path ca) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int i = 0;
        for (X509Certificate certificate : Pem.certificates(ca)) {
            store.setCertificateEntry("ca-" + i++, certificate);
        }
        return store;
    }

    private static X509ExtendedTrustManager trustManager(KeyStore store)
            throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("the JDK has no X.509 trust manager");
    }

    /** A key with its chain; the alias tells generations apart while a handshake goes on. */
    private record KeyEntry(String alias, List<X509Certificate> chain, PrivateKey key) {
        static KeyEntry read(TlsFiles files, int generation, boolean checked)
                throws IOException, GeneralSecurityException {
            List<X509Certificate> chain = Pem.certificates(files.certificate());
            PrivateKey key = Pem.privateKey(files.key());
            if (checked && !belong(key, chain.getFirst().getPublicKey())) {
                throw new CertificateException(
                        "key " + files.key() + " does not belong to " + files.certificate());
            }
            return new KeyEntry("own-" + generation, chain, key);
        }

        /** Whether a signature of the key verifies; files half replaced are told by it. */
        private static boolean belong(PrivateKey key, PublicKey publicKey)
                throws GeneralSecurityException {
            String algorithm =
                    switch (key.getAlgorithm()) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> "EdDSA";
                    };
            if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
                return false;
            }
            byte[] probe = {1};
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        }
    }

    /** Offers the one key for every purpose. */
    private static final class KeyManager extends X509ExtendedKeyManager {
        private final FollowedFiles<KeyEntry> entries;

        KeyManager(FollowedFiles<KeyEntry> entries) {
            this.entries = entries;
        }

        private @Nullable String choose(String... keyTypes) {
            KeyEntry entry = entries.current();
            for (String keyType : keyTypes) {
                // The types of a handshake are the key's algorithm, with the signer's in TLS 1.2.
                if (keyType.startsWith(entry.key().getAlgorithm())) {
                    return entry.alias();
                }
            }
            return null;
        }

        private @Nullable KeyEntry entry(String alias) {
            for (KeyEntry entry : entries.recent()) {
                if (entry.alias().equals(alias)) {
                    return entry;
                }
            }
            return null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return choose(keyType);
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return choose(keyTypes);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return choose(keyType);
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return choose(keyTypes);
        }

        @Override
        public String @Nullable [] getServerAliases(
                String keyType, Principal @Nullable [] issuers) {
            String alias = choose(keyType);
            return alias == null ? null : new String[] {alias};
        }

        @Override
        public String @Nullable [] getClientAliases(
                String keyType, Principal @Nullable [] issuers) {
            return getServerAliases(keyType, issuers);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            KeyEntry entry = entry(alias);
            return entry == null ? null : entry.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            KeyEntry entry = entry(alias);
            return entry == null ? null : entry.key();
        }
    }
}
