package io.skerry.etcd.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.etcd.server.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PermittedKeysTest {
    private static final ByteString NO_BOUND = ByteString.copyFrom(new byte[1]);

    private static ByteString key(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static Permission read(String key, ByteString rangeEnd) {
        return new Permission(Access.READ, key(key), rangeEnd);
    }

    private static PermittedKeys readable(Permission... permissions) {
        return PermittedKeys.of(List.of(permissions), Access.READ);
    }

    @Test
    void aPermissionOnOneKeyIsNoneOnItsNeighbours() {
        var keys = readable(read("k", ByteString.EMPTY));
        assertThat(keys.contains(key("k"), ByteString.EMPTY)).isTrue();
        assertThat(keys.contains(key("k\0"), ByteString.EMPTY)).isFalse();
        assertThat(keys.contains(key("k1"), ByteString.EMPTY)).isFalse();
        assertThat(keys.contains(key("j"), ByteString.EMPTY)).isFalse();
        assertThat(keys.contains(key("k"), key("l"))).isFalse();
        assertThat(keys.contains(key("k"), NO_BOUND)).isFalse();
        assertThat(keys.contains(key("k"), key("k\0"))).isTrue();
    }

    @Test
    void rangesThatTouchCoverARequestTogether() {
        var keys = readable(read("a", key("c")), read("c", key("e")), read("f", key("g")));
        assertThat(keys.contains(key("a"), key("e"))).isTrue();
        assertThat(keys.contains(key("b"), key("d"))).isTrue();
        assertThat(keys.contains(key("a"), key("g"))).isFalse();
        assertThat(keys.contains(key("e"), ByteString.EMPTY)).isFalse();
    }

    @Test
    void onlyAnUnboundedPermissionCoversAnUnboundedRequest() {
        var keys = readable(read("m", NO_BOUND), read("a", key("b")));
        assertThat(keys.contains(key("m"), NO_BOUND)).isTrue();
        assertThat(keys.contains(key("zz"), key("zzz"))).isTrue();
        assertThat(keys.contains(key("a"), NO_BOUND)).isFalse();
    }

    @Test
    void readingAndWritingAreToldApart() {
        var permissions =
                List.of(
                        read("r", ByteString.EMPTY),
                        new Permission(Access.WRITE, key("w"), ByteString.EMPTY),
                        new Permission(Access.READWRITE, key("b"), ByteString.EMPTY));
        var readable = PermittedKeys.of(permissions, Access.READ);
        var writable = PermittedKeys.of(permissions, Access.WRITE);
        assertThat(readable.contains(key("r"), ByteString.EMPTY)).isTrue();
        assertThat(readable.contains(key("w"), ByteString.EMPTY)).isFalse();
        assertThat(writable.contains(key("r"), ByteString.EMPTY)).isFalse();
        assertThat(writable.contains(key("w"), ByteString.EMPTY)).isTrue();
        assertThat(readable.contains(key("b"), ByteString.EMPTY)).isTrue();
        assertThat(writable.contains(key("b"), ByteString.EMPTY)).isTrue();
    }

    /**
     * Keys of up to two letters of a small alphabet, so that ranges overlap and touch often. A
     * request is covered if every key of that universe, and one behind each of them, is.
     */
    @Test
    void mergedIntervalsAnswerAsATestOfEveryKeyDoes() {
        Seeds.each(
                300,
                random -> {
                    var permissions = new ArrayList<Permission>();
                    int count = random.nextInt(8);
                    for (int i = 0; i < count; i++) {
                        permissions.add(
                                new Permission(Access.READ, randomKey(random), randomEnd(random)));
                    }
                    var keys = PermittedKeys.of(permissions, Access.READ);
                    for (int i = 0; i < 40; i++) {
                        var from = randomKey(random);
                        var to = randomEnd(random);
                        assertThat(keys.contains(from, to))
                                .as("%s, asked for [%s, %s)", permissions, from, to)
                                .isEqualTo(naive(permissions, from, to));
                    }
                });
    }

    private static ByteString randomKey(Random random) {
        var bytes = new byte[1 + random.nextInt(2)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i == 0 ? 1 + random.nextInt(4) : random.nextInt(4));
        }
        return ByteString.copyFrom(bytes);
    }

    private static ByteString randomEnd(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> ByteString.EMPTY;
            case 1 -> random.nextInt(3) == 0 ? NO_BOUND : randomKey(random);
            default -> randomKey(random);
        };
    }

    private static boolean naive(List<Permission> permissions, ByteString from, ByteString to) {
        boolean any = false;
        for (var key : universe()) {
            if (within(key, from, to)) {
                any = true;
                if (permissions.stream().noneMatch(p -> within(key, p.key(), p.rangeEnd()))) {
                    return false;
                }
            }
        }
        return any;
    }

    private static boolean within(ByteString key, ByteString from, ByteString to) {
        var order = ByteString.unsignedLexicographicalComparator();
        if (to.isEmpty()) {
            return key.equals(from);
        }
        return order.compare(from, key) <= 0 && (to.equals(NO_BOUND) || order.compare(key, to) < 0);
    }

    /** All keys that a bound can be, the keys right behind them, and one behind everything. */
    private static List<ByteString> universe() {
        var keys = new ArrayList<ByteString>();
        for (byte first = 1; first <= 4; first++) {
            var one = ByteString.copyFrom(new byte[] {first});
            keys.add(one);
            for (byte second = 0; second < 4; second++) {
                var two = one.concat(ByteString.copyFrom(new byte[] {second}));
                keys.add(two);
                keys.add(two.concat(NO_BOUND));
            }
        }
        keys.add(ByteString.copyFrom(new byte[] {(byte) 0xFF, (byte) 0xFF}));
        return keys;
    }
}
