package io.skerry.etcd.server.auth.token;

import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/** How a signed token is signed: the algorithms of RFC 7518 and RFC 8037 that etcd knows. */
public enum SignMethod {
    HS256("HmacSHA256", Family.HMAC, 0),
    HS384("HmacSHA384", Family.HMAC, 0),
    HS512("HmacSHA512", Family.HMAC, 0),
    RS256("SHA256withRSA", Family.RSA, 0),
    RS384("SHA384withRSA", Family.RSA, 0),
    RS512("SHA512withRSA", Family.RSA, 0),
    PS256("RSASSA-PSS", Family.RSA, 32),
    PS384("RSASSA-PSS", Family.RSA, 48),
    PS512("RSASSA-PSS", Family.RSA, 64),
    ES256("SHA256withECDSAinP1363Format", Family.EC, 0),
    ES384("SHA384withECDSAinP1363Format", Family.EC, 0),
    ES512("SHA512withECDSAinP1363Format", Family.EC, 0),
    EDDSA("Ed25519", Family.ED, 0);

    enum Family {
        HMAC,
        RSA,
        EC,
        ED
    }

    private final String algorithm;
    private final Family family;

    /** Bytes of the salt and of the hash of RSASSA-PSS; 0 for the other algorithms. */
    private final int pssBytes;

    SignMethod(String algorithm, Family family, int pssBytes) {
        this.algorithm = algorithm;
        this.family = family;
        this.pssBytes = pssBytes;
    }

    /** The method of this name in a token's header; null if there is none. */
    static @Nullable SignMethod find(String name) {
        for (var method : values()) {
            if (method.jwtName().equals(name)) {
                return method;
            }
        }
        return null;
    }

    /** Its name in a token's header. */
    public String jwtName() {
        return this == EDDSA ? "EdDSA" : name();
    }

    /** Whether one secret both signs and verifies. */
    boolean symmetric() {
        return family == Family.HMAC;
    }

    Family family() {
        return family;
    }

    /** As the JDK names it. */
    String algorithm() {
        return algorithm;
    }

    /** What the algorithm has to be told besides its name. */
    @Nullable AlgorithmParameterSpec parameters() {
        if (pssBytes == 0) {
            return null;
        }
        String hash = "SHA-" + pssBytes * Byte.SIZE;
        return new PSSParameterSpec(
                hash,
                "MGF1",
                new MGF1ParameterSpec(hash),
                pssBytes,
                PSSParameterSpec.TRAILER_FIELD_BC);
    }
}
