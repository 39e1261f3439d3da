package io.skerry.etcd.server.auth.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code --auth-token} asks for. */
public sealed interface TokenSpec {
    /** Random tokens. */
    record Simple() implements TokenSpec {}

    /**
     * Signed tokens.
     *
     * @param privateKey signs; the shared secret for HMAC; null if this member only verifies
     * @param publicKey verifies; null if it follows from the private key
     */
    record Jwt(SignMethod method, @Nullable Path privateKey, @Nullable Path publicKey, Duration ttl)
            implements TokenSpec {}

    /** How long signed tokens live if nothing is said. */
    Duration DEFAULT_TTL = Duration.ofMinutes(5);

    /**
     * Reads the flag's value: {@code simple}, or {@code jwt} with options.
     *
     * @throws IllegalArgumentException says what is wrong and what is allowed
     */
    static TokenSpec parse(String value) {
        var words = List.of(value.split(",", -1));
        var options = options(value, words.subList(1, words.size()));
        return switch (words.getFirst()) {
            case "simple" -> simple(value, options);
            case "jwt" -> jwt(value, options);
            default -> throw wrong(value, "the type must be simple or jwt");
        };
    }

    private static Simple simple(String value, Map<String, String> options) {
        if (!options.isEmpty()) {
            throw wrong(value, "simple tokens have no options");
        }
        return new Simple();
    }

    private static Map<String, String> options(String value, List<String> words) {
        var options = new HashMap<String, String>();
        for (var word : words) {
            int at = word.indexOf('=');
            if (at < 1 || at == word.length() - 1) {
                throw wrong(value, "option \"" + word + "\" must be name=value");
            }
            if (options.put(word.substring(0, at), word.substring(at + 1)) != null) {
                throw wrong(value, "option " + word.substring(0, at) + " is given twice");
            }
        }
        return options;
    }

    private static Jwt jwt(String value, Map<String, String> options) {
        var methodName = options.remove("sign-method");
        var privateKey = options.remove("priv-key");
        var publicKey = options.remove("pub-key");
        var ttl = options.remove("ttl");
        if (!options.isEmpty()) {
            throw wrong(
                    value,
                    "unknown option "
                            + options.keySet().iterator().next()
                            + "; there are sign-method, priv-key, pub-key, ttl");
        }
        var method = methodName == null ? null : SignMethod.find(methodName);
        if (method == null) {
            throw wrong(
                    value,
                    "sign-method must be one of "
                            + Arrays.stream(SignMethod.values())
                                    .map(SignMethod::jwtName)
                                    .collect(Collectors.joining(", ")));
        }
        if (privateKey == null && (publicKey == null || method.symmetric())) {
            throw wrong(
                    value,
                    method.symmetric()
                            ? "priv-key must name the file of the secret"
                            : "priv-key or pub-key must name a key file");
        }
        return new Jwt(
                method,
                privateKey == null ? null : Path.of(privateKey),
                publicKey == null || method.symmetric() ? null : Path.of(publicKey),
                ttl == null ? DEFAULT_TTL : duration(value, ttl));
    }

    /** As Go writes durations, whole numbers only: {@code 1h30m}, {@code 10s}. */
    private static Duration duration(String value, String text) {
        if (!Pattern.matches("(\\d{1,6}(h|m|s|ms))+", text)) {
            throw wrong(value, "ttl \"" + text + "\" must be a duration like 10m or 1h30m");
        }
        var sum = Duration.ZERO;
        var part = Pattern.compile("(\\d+)(ms|h|m|s)").matcher(text);
        while (part.find()) {
            long number = Long.parseLong(part.group(1));
            sum =
                    sum.plus(
                            switch (part.group(2)) {
                                case "h" -> Duration.ofHours(number);
                                case "m" -> Duration.ofMinutes(number);
                                case "s" -> Duration.ofSeconds(number);
                                default -> Duration.ofMillis(number);
                            });
        }
        if (sum.toSeconds() < 1) {
            throw wrong(value, "ttl must be at least 1s");
        }
        return sum;
    }

    private static IllegalArgumentException wrong(String value, String why) {
        return new IllegalArgumentException("--auth-token: \"" + value + "\": " + why);
    }
}
