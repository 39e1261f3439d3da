package io.skerry.etcd.server.auth.token;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the keys of signed tokens from PEM files: PKCS#8 and the older forms that openssl writes
 * for RSA ({@code RSA PRIVATE KEY}) and EC ({@code EC PRIVATE KEY}), public keys and certificates.
 */
final class JwtKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private JwtKeys() {}

    private record Block(String label, String base64) {
        byte[] der() {
            return Base64.getMimeDecoder().decode(base64);
        }
    }

    static PrivateKey privateKey(Path file, SignMethod method) throws IOException {
        for (Matcher found = BLOCK.matcher(read(file)); found.find(); ) {
            var block = block(found);
            byte[] pkcs8 =
                    switch (block.label) {
                        case "PRIVATE KEY" -> block.der();
                        case "RSA PRIVATE KEY" -> Der.rsaToPkcs8(block.der());
                        case "EC PRIVATE KEY" -> Der.ecToPkcs8(block.der());
                        default -> new byte[0];
                    };
            if (pkcs8.length > 0) {
                try {
                    return factory(method).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                } catch (GeneralSecurityException e) {
                    throw unusable(file, method, e);
                }
            }
        }
        throw new IOException(
                "--auth-token: file " + file + " holds no unencrypted private key in PEM form");
    }

    static PublicKey publicKey(Path file, SignMethod method) throws IOException {
        try {
            for (Matcher found = BLOCK.matcher(read(file)); found.find(); ) {
                var block = block(found);
                if (block.label.equals("CERTIFICATE")) {
                    return CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der()))
                            .getPublicKey();
                }
                byte[] key =
                        switch (block.label) {
                            case "PUBLIC KEY" -> block.der();
                            case "RSA PUBLIC KEY" -> Der.rsaToPublic(block.der());
                            default -> new byte[0];
                        };
                if (key.length > 0) {
                    return factory(method).generatePublic(new X509EncodedKeySpec(key));
                }
            }
        } catch (GeneralSecurityException e) {
            throw unusable(file, method, e);
        }
        throw new IOException("--auth-token: file " + file + " holds no public key in PEM form");
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IOException("--auth-token: key file " + file + " cannot be read", e);
        }
    }

    private static Block block(Matcher found) {
        return new Block(found.group(1), found.group(2));
    }

    private static KeyFactory factory(SignMethod method) throws GeneralSecurityException {
        return KeyFactory.getInstance(
                switch (method.family()) {
                    case RSA -> "RSA";
                    case EC -> "EC";
                    case ED -> "Ed25519";
                    case HMAC -> throw new IllegalStateException("a secret is no key of " + method);
                });
    }

    private static IOException unusable(Path file, SignMethod method, Exception cause) {
        return new IOException(
                "--auth-token: the key in " + file + " cannot be used for " + method.jwtName(),
                cause);
    }
}
