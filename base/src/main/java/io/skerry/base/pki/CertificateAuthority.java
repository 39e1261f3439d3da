package io.skerry.base.pki;

import io.skerry.base.tls.Pem;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of a cluster: an EC P-256 key and a self-signed certificate in a
 * directory. Certificates are valid from one hour ago, so that hosts whose clocks differ accept
 * them.
 */
public final class CertificateAuthority {
    /** The authority's certificate, in its own directory and beside every certificate it issued. */
    public static final String CERTIFICATE_FILE = "ca.crt";

    /** The authority's private key, only in its own directory. */
    public static final String KEY_FILE = "ca.key";

    private static final Duration BACKDATED = Duration.ofHours(1);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(Path directory, X509Certificate certificate, PrivateKey key) {
        this.directory = directory;
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Creates an authority in a directory, which is made if need be (0700).
     *
     * @throws FileAlreadyExistsException if the directory holds an authority or a part of one
     */
    public static CertificateAuthority create(Path directory, String name) throws IOException {
        PemFiles.createPrivateDirectory(directory);
        for (String file : new String[] {CERTIFICATE_FILE, KEY_FILE}) {
            if (Files.exists(directory.resolve(file))) {
                throw new FileAlreadyExistsException(
                        directory.resolve(file).toString(),
                        null,
                        "a certificate authority is here");
            }
        }
        try {
            KeyPair pair = newKeyPair();
            var subject = new X500Principal("CN=" + escape(name));
            var builder = builder(subject, subject, pair, AUTHORITY_LIFE);
            var extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    extensions.createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate certificate = sign(builder, pair.getPrivate());
            PemFiles.writePrivate(directory.resolve(KEY_FILE), keyPem(pair.getPrivate()));
            PemFiles.writePublic(directory.resolve(CERTIFICATE_FILE), certificatePem(certificate));
            return new CertificateAuthority(directory, certificate, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot create a certificate authority in " + directory, e);
        }
    }

    /**
     * Loads the authority of a directory.
     *
     * @throws NoSuchFileException if there is none
     */
    public static CertificateAuthority load(Path directory) throws IOException {
        Path certificateFile = directory.resolve(CERTIFICATE_FILE);
        Path keyFile = directory.resolve(KEY_FILE);
        try {
            return new CertificateAuthority(
                    directory,
                    Pem.certificates(certificateFile).getFirst(),
                    Pem.privateKey(keyFile));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "cannot read the certificate authority in " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    /** True if the directory holds an authority. */
    public static boolean exists(Path directory) {
        return Files.exists(directory.resolve(CERTIFICATE_FILE))
                && Files.exists(directory.resolve(KEY_FILE));
    }

    public Path certificateFile() {
        return directory.resolve(CERTIFICATE_FILE);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Issues a certificate with a new key, valid for a year.
     *
     * @param commonName who it is; an etcd user's name on client certificates
     * @param hosts DNS names (also {@code *.name}) and IP addresses; {@code localhost}, {@code
     *     127.0.0.1} and {@code ::1} are added for SERVER and PEER
     */
    public IssuedCertificate issue(
            CertificateUse use, String commonName, Collection<String> hosts) {
        return issue(use, commonName, hosts, LEAF_LIFE);
    }

    /** As the other one, valid for as long as is said. */
    public IssuedCertificate issue(
            CertificateUse use, String commonName, Collection<String> hosts, Duration life) {
        try {
            KeyPair pair = newKeyPair();
            var subject = new X500Principal("CN=" + escape(commonName));
            var builder = builder(certificate.getSubjectX500Principal(), subject, pair, life);
            var extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            builder.addExtension(Extension.extendedKeyUsage, false, purposes(use));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    extensions.createSubjectKeyIdentifier(pair.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(certificate));
            GeneralName[] names = names(use, hosts);
            if (names.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new IssuedCertificate(
                    certificatePem(sign(builder, key)),
                    keyPem(pair.getPrivate()),
                    certificatePem(certificate));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot issue a certificate for " + commonName, e);
        }
    }

    private static KeyPair newKeyPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair pair, Duration life) {
        Instant from = Instant.now().minus(BACKDATED);
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).add(BigInteger.ONE),
                Date.from(from),
                Date.from(from.plus(life)),
                subject,
                pair.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        var signer = new JcaContentSignerBuilder(SIGNATURE).build(key);
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static ExtendedKeyUsage purposes(CertificateUse use) {
        return new ExtendedKeyUsage(
                switch (use) {
                    case SERVER, PEER ->
                            new KeyPurposeId[] {
                                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                            };
                    case CLIENT -> new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
                });
    }

    private static GeneralName[] names(CertificateUse use, Collection<String> hosts) {
        Set<String> all = new LinkedHashSet<>(hosts);
        if (use != CertificateUse.CLIENT) {
            all.add("localhost");
            all.add("127.0.0.1");
            all.add("::1");
        }
        return all.stream().map(CertificateAuthority::name).toArray(GeneralName[]::new);
    }

    private static GeneralName name(String host) {
        if (IPV4.matcher(host).matches() || host.indexOf(':') >= 0) {
            InetAddress address = InetAddress.ofLiteral(host);
            // The extension wants the canonical text; Java's has the scope and no "::".
            String text = address.getHostAddress();
            int scope = text.indexOf('%');
            boolean scoped = address instanceof Inet6Address && scope >= 0;
            return new GeneralName(GeneralName.iPAddress, scoped ? text.substring(0, scope) : text);
        }
        return new GeneralName(GeneralName.dNSName, host);
    }

    /** Quotes a name for RFC 2253, where commas and such would begin another attribute. */
    private static String escape(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String certificatePem(X509Certificate certificate)
            throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    private static String keyPem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] der) {
        var text = new StringWriter();
        text.write("-----BEGIN " + label + "-----\n");
        text.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
        text.write("\n-----END " + label + "-----\n");
        return text.toString();
    }
}
