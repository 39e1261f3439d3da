package io.skerry.etcd.server.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signed tokens (RFC 7519) with etcd's claims: {@code username}, {@code revision} and {@code exp}.
 * They need no memory and hold on every member and after a restart; each change of users or roles
 * makes them old, for they carry the revision they were made at.
 */
public final class JwtTokens implements Tokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 8 << 10;
    private static final byte[] PROBE = "skerry".getBytes(StandardCharsets.UTF_8);

    private final SignMethod method;
    private final @Nullable Key signing;
    private final Key verifying;
    private final Duration ttl;
    private final Clock clock;

    private JwtTokens(
            SignMethod method, @Nullable Key signing, Key verifying, Duration ttl, Clock clock) {
        this.method = method;
        this.signing = signing;
        this.verifying = verifying;
        this.ttl = ttl;
        this.clock = clock;
    }

    /**
     * Reads the keys.
     *
     * @throws IOException names the file that cannot be used, and why
     */
    static JwtTokens open(TokenSpec.Jwt spec, Clock clock) throws IOException {
        Path privateFile = spec.privateKey();
        Path publicFile = spec.publicKey();
        if (spec.method().symmetric()) {
            if (privateFile == null) {
                throw new IOException("--auth-token: priv-key must name the file of the secret");
            }
            byte[] secret = Files.readAllBytes(privateFile);
            if (secret.length == 0) {
                throw new IOException("--auth-token: the secret in " + privateFile + " is empty");
            }
            var key = new SecretKeySpec(secret, spec.method().algorithm());
            return new JwtTokens(spec.method(), key, key, spec.ttl(), clock);
        }
        PrivateKey signing =
                privateFile == null ? null : JwtKeys.privateKey(privateFile, spec.method());
        PublicKey verifying;
        if (publicFile != null) {
            verifying = JwtKeys.publicKey(publicFile, spec.method());
        } else if (signing != null) {
            verifying = PublicHalf.of(signing);
        } else {
            throw new IOException("--auth-token: priv-key or pub-key must name a key file");
        }
        var tokens = new JwtTokens(spec.method(), signing, verifying, spec.ttl(), clock);
        tokens.requireMatchingKeys();
        return tokens;
    }

    private void requireMatchingKeys() throws IOException {
        Key key = signing;
        if (key == null) {
            return;
        }
        try {
            if (!verifies(PROBE, sign(PROBE, key))) {
                throw new IOException("--auth-token: priv-key and pub-key do not belong together");
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "--auth-token: the keys cannot be used for " + method.jwtName(), e);
        }
    }

    @Override
    public @Nullable String create(String user, long revision) {
        Key key = signing;
        if (key == null) {
            return null;
        }
        var header = JSON.createObjectNode().put("alg", method.jwtName()).put("typ", "JWT");
        var claims =
                JSON.createObjectNode()
                        .put("exp", clock.instant().plus(ttl).getEpochSecond())
                        .put("revision", revision)
                        .put("username", user);
        String signed = encode(bytes(header)) + "." + encode(bytes(claims));
        try {
            return signed + "." + encode(sign(signed.getBytes(StandardCharsets.US_ASCII), key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a token cannot be signed", e);
        }
    }

    @Override
    public @Nullable Holder find(String token) {
        if (token.length() > MAX_BYTES) {
            return null;
        }
        var parts = List.of(token.split("\\.", -1));
        if (parts.size() != 3) {
            return null;
        }
        try {
            var header = JSON.readTree(decode(parts.get(0)));
            byte[] signed = (parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.US_ASCII);
            if (!method.jwtName().equals(header.path("alg").asText())
                    || !verifies(signed, decode(parts.get(2)))) {
                return null;
            }
            return holder(JSON.readTree(decode(parts.get(1))));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable Holder holder(JsonNode claims) {
        var user = claims.path("username");
        var revision = claims.path("revision");
        var expires = claims.path("exp");
        var notBefore = claims.path("nbf");
        long now = clock.instant().getEpochSecond();
        boolean valid =
                user.isTextual()
                        && revision.isNumber()
                        && revision.asLong() > 0
                        && (expires.isMissingNode()
                                || (expires.isNumber() && now <= expires.asLong()))
                        && (notBefore.isMissingNode() || now >= notBefore.asLong(Long.MAX_VALUE));
        return valid ? new Holder(user.asText(), revision.asLong()) : null;
    }

    private byte[] sign(byte[] content, Key key) throws GeneralSecurityException {
        if (method.symmetric()) {
            var mac = Mac.getInstance(method.algorithm());
            mac.init(key);
            return mac.doFinal(content);
        }
        var signature = signature();
        signature.initSign((PrivateKey) key);
        signature.update(content);
        return signature.sign();
    }

    private boolean verifies(byte[] content, byte[] sign) throws GeneralSecurityException {
        if (method.symmetric()) {
            return MessageDigest.isEqual(sign(content, verifying), sign);
        }
        var signature = signature();
        signature.initVerify((PublicKey) verifying);
        signature.update(content);
        return signature.verify(sign);
    }

    private Signature signature() throws GeneralSecurityException {
        var signature = Signature.getInstance(method.algorithm());
        var parameters = method.parameters();
        if (parameters != null) {
            signature.setParameter(parameters);
        }
        return signature;
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    @Override
    public boolean kept() {
        return false;
    }

    @Override
    public void assigned(String user, String token) {}

    @Override
    public void forget(String user) {}

    @Override
    public void forgetAll() {}
}
