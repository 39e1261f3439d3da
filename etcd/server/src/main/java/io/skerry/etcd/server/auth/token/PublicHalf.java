package io.skerry.etcd.server.auth.token;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;

/**
 * The public key that belongs to a private one. The JDK does not tell it for curves, so it is
 * computed; once, at the start.
 */
final class PublicHalf {
    private PublicHalf() {}

    static PublicKey of(PrivateKey key) throws IOException {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa ->
                        KeyFactory.getInstance("RSA")
                                .generatePublic(
                                        new RSAPublicKeySpec(
                                                rsa.getModulus(), rsa.getPublicExponent()));
                case ECPrivateKey ec ->
                        KeyFactory.getInstance("EC")
                                .generatePublic(
                                        new ECPublicKeySpec(
                                                multiply(ec.getParams(), ec.getS()),
                                                ec.getParams()));
                case EdECPrivateKey ed -> ofSeed(ed.getBytes().orElseThrow());
                default ->
                        throw new IOException(
                                "--auth-token: pub-key must be given, for it does not follow from"
                                        + " priv-key");
            };
        } catch (GeneralSecurityException e) {
            throw new IOException("--auth-token: priv-key cannot be used", e);
        }
    }

    /** A generator whose chance is the private key makes that key and its public half. */
    private static PublicKey ofSeed(byte[] seed) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(
                255,
                new SecureRandom() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void nextBytes(byte[] bytes) {
                        System.arraycopy(seed, 0, bytes, 0, bytes.length);
                    }
                });
        return generator.generateKeyPair().getPublic();
    }

    /** The generator of the curve, added to itself {@code times} times. */
    private static ECPoint multiply(ECParameterSpec curve, BigInteger times) {
        var prime = ((ECFieldFp) curve.getCurve().getField()).getP();
        var a = curve.getCurve().getA();
        var sum = ECPoint.POINT_INFINITY;
        for (int bit = times.bitLength() - 1; bit >= 0; bit--) {
            sum = add(sum, sum, a, prime);
            if (times.testBit(bit)) {
                sum = add(sum, curve.getGenerator(), a, prime);
            }
        }
        return sum;
    }

    private static ECPoint add(ECPoint p, ECPoint q, BigInteger a, BigInteger prime) {
        if (p.equals(ECPoint.POINT_INFINITY)) {
            return q;
        }
        if (q.equals(ECPoint.POINT_INFINITY)) {
            return p;
        }
        var px = p.getAffineX();
        var py = p.getAffineY();
        BigInteger slope;
        if (!px.equals(q.getAffineX())) {
            slope =
                    q.getAffineY()
                            .subtract(py)
                            .multiply(q.getAffineX().subtract(px).modInverse(prime));
        } else if (py.equals(q.getAffineY()) && py.signum() != 0) {
            slope =
                    px.pow(2)
                            .multiply(BigInteger.valueOf(3))
                            .add(a)
                            .multiply(py.shiftLeft(1).modInverse(prime));
        } else {
            return ECPoint.POINT_INFINITY;
        }
        var x = slope.pow(2).subtract(px).subtract(q.getAffineX()).mod(prime);
        return new ECPoint(x, slope.multiply(px.subtract(x)).subtract(py).mod(prime));
    }
}
