package io.skerry.base.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageDecoderTest {
    private static final List<ByteString> MESSAGES =
            List.of(
                    ByteString.copyFromUtf8("first"),
                    ByteString.EMPTY,
                    ByteString.copyFrom(new byte[300]),
                    ByteString.copyFromUtf8("last"));

    private static byte[] stream() {
        return Frames.encode(new MessageBody(MESSAGES)).getBytes();
    }

    @Test
    void cutsMessagesWhereverAChunkEnds() throws GrpcException {
        byte[] all = stream();
        for (int first = 0; first <= all.length; first++) {
            for (int second : new int[] {first, Math.min(first + 3, all.length), all.length}) {
                var decoder = new MessageDecoder(1000);
                var got = new ArrayList<ByteString>();
                decoder.feed(all, 0, first, got::add);
                decoder.feed(all, first, second - first, got::add);
                decoder.feed(all, second, all.length - second, got::add);
                assertThat(got).isEqualTo(MESSAGES);
                assertThat(decoder.incomplete()).isNull();
            }
        }
    }

    @Test
    void cutsMessagesThatComeByteByByte() throws GrpcException {
        var decoder = new MessageDecoder(1000);
        var got = new ArrayList<ByteString>();
        byte[] all = stream();
        for (int i = 0; i < all.length; i++) {
            decoder.feed(Arrays.copyOfRange(all, i, i + 1), 0, 1, got::add);
        }
        assertThat(got).isEqualTo(MESSAGES);
    }

    @Test
    void tellsAStreamThatEndsWithinAMessage() throws GrpcException {
        byte[] all = stream();
        for (int cut : new int[] {1, 4, 5, 6, all.length - 1}) {
            var decoder = new MessageDecoder(1000);
            decoder.feed(all, 0, cut, message -> {});
            assertThat(decoder.incomplete()).isNotNull();
        }
    }

    @Test
    void refusesMessagesOverTheLimitBeforeTheyCome() {
        var decoder = new MessageDecoder(1000);
        byte[] header = {0, 0, 0, 3, (byte) 233};
        assertThatThrownBy(() -> decoder.feed(header, 0, 5, message -> {}))
                .isInstanceOfSatisfying(
                        GrpcException.class,
                        e -> assertThat(e.code()).isEqualTo(GrpcCode.RESOURCE_EXHAUSTED))
                .hasMessageContaining("1001 vs. 1000");
        byte[] huge = {0, (byte) 255, (byte) 255, (byte) 255, (byte) 255};
        assertThatThrownBy(
                        () -> new MessageDecoder(Integer.MAX_VALUE).feed(huge, 0, 5, message -> {}))
                .isInstanceOf(GrpcException.class);
    }

    @Test
    void refusesCompressionAndUnknownFlags() {
        assertThatThrownBy(() ->
                        new MessageDecoder(10).feed(new byte[] {1, 0, 0, 0, 0}, 0, 5, m -> {}))
                .hasMessageContaining("compressed");
        assertThatThrownBy(() ->
                        new MessageDecoder(10).feed(new byte[] {9, 0, 0, 0, 0}, 0, 5, m -> {}))
                .hasMessageContaining("flag 9");
    }

    @Test
    void garbageGivesMessagesOrAGrpcExceptionAndNothingElse() {
        var random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            byte[] garbage = new byte[random.nextInt(64)];
            random.nextBytes(garbage);
            if (garbage.length > 0 && random.nextBoolean()) {
                garbage[0] = 0;
            }
            var decoder = new MessageDecoder(1 << 20);
            try {
                decoder.feed(garbage, 0, garbage.length, message -> {});
            } catch (GrpcException expected) {
                assertThat(expected.code()).isNotEqualTo(GrpcCode.OK);
            }
        }
    }

    @Test
    void messagesAndTimeoutsSurviveTheWire() {
        for (String text :
                List.of("", "plain", "100% größer als erlaubt\n", "%", "%zz", "𝄞", "a%20b")) {
            assertThat(Wire.decodeMessage(Wire.encodeMessage(text))).isEqualTo(text);
            assertThat(Wire.encodeMessage(text)).matches("[ -~]*");
        }
        var raw = new ByteArrayOutputStream();
        raw.writeBytes("50% off".getBytes(StandardCharsets.UTF_8));
        assertThat(Wire.decodeMessage(raw.toString(StandardCharsets.UTF_8))).isEqualTo("50% off");
        assertThat(Wire.timeoutNanos("5S")).isEqualTo(5_000_000_000L);
        assertThat(Wire.timeoutNanos("4999868u")).isEqualTo(4_999_868_000L);
        assertThat(Wire.timeoutNanos("1H")).isEqualTo(3_600_000_000_000L);
        for (String bad : List.of("", "5", "S", "123456789S", "-1S", "1x")) {
            assertThat(Wire.timeoutNanos(bad)).isEqualTo(-1);
        }
        for (long millis : new long[] {0, 1, 1500, 99_999_999L, 999_999_999_999L}) {
            String encoded = Wire.encodeTimeout(java.time.Duration.ofMillis(millis));
            assertThat(Wire.timeoutNanos(encoded)).isNotNegative();
        }
    }
}
