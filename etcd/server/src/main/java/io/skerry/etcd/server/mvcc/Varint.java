package io.skerry.etcd.server.mvcc;

/** Numbers as protobuf writes them: seven bits a byte, the least significant first. */
final class Varint {
    private static final int BITS = 7;
    private static final int MORE = 0x80;

    private Varint() {}

    static int size(long number) {
        return 1 + (Long.SIZE - 1 - Long.numberOfLeadingZeros(number | 1)) / BITS;
    }

    /** Writes a number and returns where the next byte goes. */
    static int write(byte[] bytes, int at, long number) {
        int next = at;
        long rest = number;
        while ((rest & -MORE) != 0) {
            bytes[next++] = (byte) (rest | MORE);
            rest >>>= BITS;
        }
        bytes[next] = (byte) rest;
        return next + 1;
    }

    /** Reads numbers one after the other. */
    static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        long next() {
            long number = 0;
            for (int shift = 0; shift < Long.SIZE && at < bytes.length; shift += BITS) {
                byte b = bytes[at++];
                number |= (long) (b & (MORE - 1)) << shift;
                if (b >= 0) {
                    return number;
                }
            }
            throw new IllegalStateException("what is stored is damaged: a number has no end");
        }

        /** Where the next number begins. */
        int position() {
            return at;
        }
    }
}
