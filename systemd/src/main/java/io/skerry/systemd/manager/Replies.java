package io.skerry.systemd.manager;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.types.Variant;

/** Decodes what systemd answers into plain values. */
final class Replies {
    private static final int JOB_ID = 7;
    private static final int JOB_TYPE = 8;
    private static final int JOB_PATH = 9;
    private static final Set<String> START_JOBS = Set.of("start", "restart");

    private Replies() {}

    /** Rows of {@code a(ssssssouso)}: name, description, load, active, sub, … */
    static Map<String, UnitState> unitStates(Object rows) {
        Map<String, UnitState> states = new LinkedHashMap<>();
        for (Object row : (List<?>) plain(rows)) {
            List<?> fields = (List<?>) row;
            states.put(
                    (String) fields.get(0),
                    new UnitState(
                            (String) fields.get(2),
                            (String) fields.get(3),
                            (String) fields.get(4)));
        }
        return states;
    }

    /** Of the same rows, the jobs by unit that start one. */
    static Map<String, String> queuedStarts(Object rows) {
        Map<String, String> jobs = new LinkedHashMap<>();
        for (Object row : (List<?>) plain(rows)) {
            List<?> fields = (List<?>) row;
            boolean queued = ((Number) fields.get(JOB_ID)).longValue() != 0;
            if (queued && START_JOBS.contains(String.valueOf(fields.get(JOB_TYPE)))) {
                jobs.put((String) fields.get(0), (String) fields.get(JOB_PATH));
            }
        }
        return jobs;
    }

    static Map<String, Object> properties(Object dictionary) {
        Map<String, Object> properties = new LinkedHashMap<>();
        ((Map<?, ?>) plain(dictionary))
                .forEach((name, value) -> properties.put((String) name, value));
        return properties;
    }

    /** Variants opened, structs and arrays as lists, object paths as strings; all the way down. */
    static Object plain(Object value) {
        return switch (value) {
            case Variant<?> variant -> plain(variant.getValue());
            case DBusPath path -> path.getPath();
            case Struct struct -> plain(struct.getParameters());
            case List<?> list -> list.stream().map(Replies::plain).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> plain = new LinkedHashMap<>();
                map.forEach((k, v) -> plain.put(plain(k), plain(v)));
                yield plain;
            }
            default -> value.getClass().isArray() ? listOfArray(value) : value;
        };
    }

    private static List<Object> listOfArray(Object array) {
        int length = Array.getLength(array);
        var list = new ArrayList<Object>(length);
        for (int i = 0; i < length; i++) {
            list.add(plain(Array.get(array, i)));
        }
        return list;
    }
}
