package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** Checked access to a request's query parameters. */
final class Query {
    private final HttpCall call;

    /**
     * Refuses a request with a parameter that its route does not know. {@code alt=json} is always
     * known: the original's client appends it to every request.
     */
    Query(HttpCall call, String... known) throws HttpError {
        this.call = call;
        var allowed = new HashSet<>(Arrays.asList(known));
        for (String name : call.query().keySet()) {
            if (name.equals("alt")) {
                if (!Objects.equals(call.queryValue(name), "json")) {
                    throw new HttpError(400, "query parameter alt must be json");
                }
            } else if (!allowed.contains(name)) {
                throw new HttpError(
                        400,
                        "unknown query parameter '"
                                + name
                                + "'; allowed here: "
                                + (known.length == 0 ? "none" : String.join(", ", known)));
            }
        }
    }

    /** The value, or "" when it is absent. */
    String text(String name) {
        return Objects.requireNonNullElse(call.queryValue(name), "");
    }

    /** All values of a parameter that may be repeated. */
    List<String> all(String name) {
        return call.query().getOrDefault(name, List.of());
    }

    /** A switch: absent is false, {@code name}, {@code name=true} and {@code name=1} are true. */
    boolean flag(String name) throws HttpError {
        String value = call.queryValue(name);
        if (value == null) {
            return false;
        }
        return switch (value) {
            case "", "true", "1" -> true;
            case "false", "0" -> false;
            default ->
                    throw new HttpError(
                            400,
                            "query parameter "
                                    + name
                                    + " must be true or false, not '"
                                    + value
                                    + "'");
        };
    }

    /** A whole number within bounds. */
    int number(String name, int absent, int min, int max) throws HttpError {
        String value = call.queryValue(name);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below, as a number out of bounds is
        }
        throw new HttpError(
                400,
                "query parameter "
                        + name
                        + " must be a number from "
                        + min
                        + " to "
                        + max
                        + ", not '"
                        + value
                        + "'");
    }
}
