package io.skerry.flannel.address;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/**
 * A private or a shared key of WireGuard. It does not show itself as text, so that no log has it.
 *
 * @param base64 its 32 bytes
 */
public record WireguardSecret(String base64) {
    private static final BigInteger BASE_POINT = BigInteger.valueOf(9);

    /** Reads 32 bytes in base 64; empty for anything else. */
    public static Optional<WireguardSecret> parse(String text) {
        return WireguardKey.decoded(text).map(_ -> new WireguardSecret(text));
    }

    /** A private key of 32 bytes of chance. */
    public static WireguardSecret ofChance(byte[] chance) {
        byte[] bytes = chance.clone();
        // As the curve has it, and as the kernel would make it.
        bytes[0] &= (byte) 0xf8;
        bytes[31] &= 0x7f;
        bytes[31] |= 0x40;
        return of(bytes);
    }

    /** For 32 bytes. */
    public static WireguardSecret of(byte[] bytes) {
        return new WireguardSecret(WireguardKey.of(bytes).text());
    }

    public byte[] bytes() {
        return new WireguardKey(base64).bytes();
    }

    /** The public key that belongs to this one, if it is a private key. */
    public WireguardKey publicKey() {
        try {
            var keys = KeyFactory.getInstance("X25519");
            var agreement = KeyAgreement.getInstance("X25519");
            agreement.init(
                    keys.generatePrivate(
                            new XECPrivateKeySpec(NamedParameterSpec.X25519, bytes())));
            agreement.doPhase(
                    keys.generatePublic(
                            new XECPublicKeySpec(NamedParameterSpec.X25519, BASE_POINT)),
                    true);
            return WireguardKey.of(agreement.generateSecret());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no X25519", e);
        }
    }

    @Override
    public String toString() {
        return "secret";
    }
}
