package io.skerry.etcd.server.auth.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Wraps the older forms of keys into those that the JDK reads, by the few DER rules it takes. */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;

    /** Context tag 0, constructed: the curve in an EC private key. */
    private static final int CURVE = 0xA0;

    private static final byte[] ZERO = {INTEGER, 1, 0};

    /** AlgorithmIdentifier rsaEncryption with NULL. */
    private static final byte[] RSA = {
        SEQUENCE, 13, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0
    };

    /** Object identifier id-ecPublicKey. */
    private static final byte[] EC = {6, 7, 42, (byte) 134, 72, (byte) 206, 61, 2, 1};

    private Der() {}

    /** PKCS#1 into PKCS#8. */
    static byte[] rsaToPkcs8(byte[] key) {
        return wrap(SEQUENCE, ZERO, RSA, wrap(OCTET_STRING, key));
    }

    /** PKCS#1 into SubjectPublicKeyInfo. */
    static byte[] rsaToPublic(byte[] key) {
        return wrap(SEQUENCE, RSA, wrap(BIT_STRING, new byte[] {0}, key));
    }

    /**
     * SEC 1 into PKCS#8.
     *
     * @throws IOException if the key does not name its curve
     */
    static byte[] ecToPkcs8(byte[] key) throws IOException {
        return wrap(SEQUENCE, ZERO, wrap(SEQUENCE, EC, curve(key)), wrap(OCTET_STRING, key));
    }

    /** The curve's object identifier: sequence of version, key, [0] curve, and more. */
    private static byte[] curve(byte[] key) throws IOException {
        try {
            int at = content(key, 0);
            while (at < key.length) {
                int from = content(key, at);
                int to = from + length(key, at);
                if ((key[at] & 0xFF) == CURVE) {
                    return Arrays.copyOfRange(key, from, to);
                }
                at = to;
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("--auth-token: an EC private key is damaged", e);
        }
        throw new IOException("--auth-token: an EC private key does not name its curve");
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = 0; i < (first & 0x7F); i++) {
                length = (length << 8) | (der[at + 2 + i] & 0xFF);
            }
        }
        if (length < 0 || length > der.length) {
            throw new IndexOutOfBoundsException("length " + length);
        }
        return length;
    }

    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first >= 0x80 ? first & 0x7F : 0);
    }

    private static byte[] wrap(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
