package io.skerry.base.grpc;

import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The header fields of gRPC over HTTP/2 and how their values are written. */
final class Wire {
    static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("content-type");
    static final CharSequence GRPC = HttpHeaders.createOptimized("application/grpc");
    static final CharSequence GRPC_STATUS = HttpHeaders.createOptimized("grpc-status");
    static final CharSequence GRPC_MESSAGE = HttpHeaders.createOptimized("grpc-message");
    static final CharSequence GRPC_TIMEOUT = HttpHeaders.createOptimized("grpc-timeout");
    static final CharSequence TE = HttpHeaders.createOptimized("te");
    static final CharSequence TRAILERS = HttpHeaders.createOptimized("trailers");

    private static final long MAX_TIMEOUT_DIGITS = 99_999_999L;
    private static final String HEX = "0123456789ABCDEF";

    private Wire() {}

    /** Percent-encodes what is not printable ASCII, as {@code grpc-message} wants it. */
    static String encodeMessage(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        boolean plain = true;
        for (byte b : bytes) {
            plain &= isPlain(b);
        }
        if (plain) {
            return message;
        }
        var out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            if (isPlain(b)) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b <= '~' && b != '%';
    }

    /** Reverses {@link #encodeMessage}; what is not a valid escape stays as it is. */
    static String decodeMessage(@Nullable String encoded) {
        if (encoded == null) {
            return "";
        }
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        byte[] in = encoded.getBytes(StandardCharsets.ISO_8859_1);
        var out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A {@code grpc-timeout}: at most eight digits and a unit. */
    static String encodeTimeout(Duration timeout) {
        long nanos = Math.max(0, timeout.toNanos());
        if (nanos / 1_000 <= MAX_TIMEOUT_DIGITS) {
            return nanos / 1_000 + "u";
        }
        if (nanos / 1_000_000 <= MAX_TIMEOUT_DIGITS) {
            return nanos / 1_000_000 + "m";
        }
        return Math.min(nanos / 1_000_000_000, MAX_TIMEOUT_DIGITS) + "S";
    }

    /** The nanoseconds of a {@code grpc-timeout}; -1 if it is malformed. */
    static long timeoutNanos(String value) {
        int last = value.length() - 1;
        if (last < 1 || last > 8) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < last; i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return switch (value.charAt(last)) {
            case 'n' -> number;
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(number);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(number);
            case 'S' -> TimeUnit.SECONDS.toNanos(number);
            case 'M' -> TimeUnit.MINUTES.toNanos(number);
            case 'H' -> TimeUnit.HOURS.toNanos(number);
            default -> -1;
        };
    }
}
