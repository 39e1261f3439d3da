package io.skerry.base.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path of literal segments, {@code {parameter}} segments and at most a last {@code {rest...}}.
 */
record PathPattern(List<Segment> segments) {
    /** A segment of a pattern. */
    sealed interface Segment {
        record Literal(String text) implements Segment {}

        record Parameter(String name) implements Segment {}

        record Rest(String name) implements Segment {}
    }

    static PathPattern parse(String pattern) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException(
                    "path pattern \"" + pattern + "\" must begin with /");
        }
        var segments = new ArrayList<Segment>();
        for (String part : split(pattern)) {
            if (!segments.isEmpty() && segments.getLast() instanceof Segment.Rest) {
                throw new IllegalArgumentException(
                        "nothing may follow {...} in path pattern \"" + pattern + "\"");
            }
            if (part.startsWith("{") && part.endsWith("...}")) {
                segments.add(new Segment.Rest(part.substring(1, part.length() - 4)));
            } else if (part.startsWith("{") && part.endsWith("}")) {
                segments.add(new Segment.Parameter(part.substring(1, part.length() - 1)));
            } else {
                segments.add(new Segment.Literal(part));
            }
        }
        return new PathPattern(List.copyOf(segments));
    }

    /** The decoded parameters, or null when the path does not match. */
    @Nullable Map<String, String> match(String rawPath) {
        List<String> parts = split(rawPath);
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            switch (segments.get(i)) {
                case Segment.Rest(String name) -> {
                    int from = Math.min(i, parts.size());
                    parameters.put(
                            name, decode(String.join("/", parts.subList(from, parts.size()))));
                    return parameters;
                }
                case Segment.Literal(String text) -> {
                    if (i >= parts.size() || !text.equals(decode(parts.get(i)))) {
                        return null;
                    }
                }
                case Segment.Parameter(String name) -> {
                    if (i >= parts.size() || parts.get(i).isEmpty()) {
                        return null;
                    }
                    parameters.put(name, decode(parts.get(i)));
                }
            }
        }
        return parts.size() == segments.size() ? parameters : null;
    }

    boolean moreSpecificThan(PathPattern other) {
        int common = Math.min(segments.size(), other.segments.size());
        for (int i = 0; i < common; i++) {
            int order = rank(segments.get(i)) - rank(other.segments.get(i));
            if (order != 0) {
                return order < 0;
            }
        }
        return segments.size() > other.segments.size();
    }

    private static int rank(Segment segment) {
        return switch (segment) {
            case Segment.Literal literal -> 0;
            case Segment.Parameter parameter -> 1;
            case Segment.Rest rest -> 2;
        };
    }

    private static List<String> split(String path) {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }

    /** Percent-decoding of a path, where "+" is itself. Malformed escapes stay as they are. */
    static String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }
}
