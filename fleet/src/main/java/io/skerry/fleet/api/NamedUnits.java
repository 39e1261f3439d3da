package io.skerry.fleet.api;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.ObjIntConsumer;

/**
 * The units that a request names beside its path, each with the status that it would have been
 * answered with by itself, so that each is noted. Used by one thread.
 */
final class NamedUnits {
    private final Map<String, OptionalInt> statuses = new LinkedHashMap<>();

    /** These are named, too; of what comes of them the answer to the request tells. */
    void add(Collection<String> names) {
        names.forEach(name -> statuses.putIfAbsent(name, OptionalInt.empty()));
    }

    /** Something else has come of that one than the answer to the request tells. */
    void put(String name, int status) {
        statuses.put(name, OptionalInt.of(status));
    }

    boolean isEmpty() {
        return statuses.isEmpty();
    }

    /** Tells of each, in the order in which they were named. */
    void forEach(int statusOfRequest, ObjIntConsumer<String> note) {
        statuses.forEach((name, status) -> note.accept(name, status.orElse(statusOfRequest)));
    }
}
