package io.skerry.etcd.server.store;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The form of a backup's file and of the snapshot that clients are sent: an image, zeros up to a
 * multiple of 512 bytes, and the SHA-256 of all that. etcd's client keeps a snapshot only if its
 * size is of that kind.
 */
public final class BackupFormat {
    /** The image and what fills it up take a multiple of so many bytes. */
    public static final int BLOCK_BYTES = 512;

    /** The SHA-256 at the end. */
    public static final int DIGEST_BYTES = 32;

    private BackupFormat() {}

    /** Size of the backup of an image of this size. */
    public static long bytes(long imageBytes) {
        return padded(imageBytes) + DIGEST_BYTES;
    }

    private static long padded(long imageBytes) {
        return Math.ceilDiv(imageBytes, BLOCK_BYTES) * BLOCK_BYTES;
    }

    /** Writes a whole backup; does not close the target. */
    public static void write(StoreImage image, OutputStream target) throws IOException {
        var counted = new CountingOutput(new DigestOutputStream(target, sha256()));
        image.write(counted);
        counted.write(new byte[(int) (padded(counted.bytes) - counted.bytes)]);
        target.write(counted.out.getMessageDigest().digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static final class CountingOutput extends OutputStream {
        private final DigestOutputStream out;
        private long bytes;

        CountingOutput(DigestOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            out.write(source, offset, length);
            bytes += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
