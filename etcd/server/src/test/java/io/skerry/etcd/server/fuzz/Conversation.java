package io.skerry.etcd.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The pieces of what a client sends, and ways to spoil them. */
record Conversation(List<byte[]> pieces) {
    private static final int MOST_CHANGES = 4;
    private static final byte[] EXTREMES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};

    Conversation {
        pieces = List.copyOf(pieces);
    }

    byte[] bytes() {
        var out = new ByteArrayOutputStream();
        pieces.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** Spoils some bytes, lengths, pieces or their order. */
    byte[] spoilt(Random random, Conversation other) {
        var changed = new ArrayList<>(pieces);
        for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
            int at = random.nextInt(changed.size());
            switch (random.nextInt(6)) {
                case 0 -> changed.add(at, changed.get(random.nextInt(changed.size())));
                case 1 -> changed.add(at, other.pieces.get(random.nextInt(other.pieces.size())));
                case 2 -> {
                    if (changed.size() > 1) {
                        changed.remove(at);
                    }
                }
                case 3 -> changed.set(at, cut(changed.get(at), random));
                default -> changed.set(at, flipped(changed.get(at), random));
            }
        }
        return new Conversation(changed).bytes();
    }

    private static byte[] cut(byte[] piece, Random random) {
        var out = new ByteArrayOutputStream();
        int from = random.nextInt(piece.length + 1);
        out.write(piece, 0, from);
        if (random.nextBoolean()) {
            byte[] garbage = new byte[random.nextInt(64)];
            random.nextBytes(garbage);
            out.writeBytes(garbage);
            out.write(piece, from, piece.length - from);
        }
        return out.toByteArray();
    }

    private static byte[] flipped(byte[] piece, Random random) {
        byte[] copy = piece.clone();
        for (int i = random.nextInt(3); i >= 0 && copy.length > 0; i--) {
            // The first bytes hold lengths and kinds.
            int at = random.nextInt(random.nextBoolean() ? Math.min(9, copy.length) : copy.length);
            copy[at] =
                    random.nextBoolean()
                            ? EXTREMES[random.nextInt(EXTREMES.length)]
                            : (byte) (copy[at] ^ (1 << random.nextInt(8)));
        }
        return copy;
    }
}
