package io.skerry.node.config;

import io.skerry.base.text.Nearest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a YAML file. Every accessor notes the key it was asked for; {@link #end} then
 * refuses whatever else is there.
 */
final class Section {
    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,8})(ms|s|m|h)");

    private final String file;
    private final String path;
    private final SequencedMap<String, Entry> entries;
    private final TreeSet<String> known = new TreeSet<>();

    private record Entry(Node key, Node value) {}

    private Section(String file, String path, SequencedMap<String, Entry> entries) {
        this.file = file;
        this.path = path;
        this.entries = entries;
    }

    /** The outermost mapping of a document; {@code file} is what errors call it. */
    static Section parse(String file, String yaml) throws ConfigException {
        var settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
        try {
            var root = new Compose(settings).composeString(yaml);
            if (root.isEmpty()) {
                throw new ConfigException(file + " is empty; docs/operations.md shows an example");
            }
            return of(file, "", root.get());
        } catch (MarkedYamlEngineException e) {
            var line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new ConfigException(file + line + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(file + ": not YAML: " + e.getMessage());
        }
    }

    /** A mapping that is not there: every setting has its default. */
    static Section empty(String file, String path) {
        return new Section(file, path, new LinkedHashMap<>());
    }

    private static Section of(String file, String path, Node node) throws ConfigException {
        if (!(node instanceof MappingNode mapping)) {
            throw new ConfigException(
                    at(file, node) + nameOr(path, "the file") + " must hold keys with values");
        }
        var entries = new LinkedHashMap<String, Entry>();
        for (var pair : mapping.getValue()) {
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigException(at(file, pair.getKeyNode()) + "a key must be a word");
            }
            if (entries.put(key.getValue(), new Entry(key, pair.getValueNode())) != null) {
                throw new ConfigException(
                        at(file, key) + path + key.getValue() + " is given twice");
            }
        }
        return new Section(file, path, entries);
    }

    /** Refuses keys that no accessor asked for. */
    void end() throws ConfigException {
        for (var entry : entries.entrySet()) {
            var key = entry.getKey();
            if (!known.contains(key)) {
                var nearest =
                        Nearest.to(key, known)
                                .map(word -> "; did you mean " + word + "?")
                                .orElse("; known are " + String.join(", ", known));
                throw new ConfigException(
                        at(file, entry.getValue().key()) + "no setting " + path + key + nearest);
            }
        }
    }

    Optional<Section> section(String key) throws ConfigException {
        var node = take(key);
        return node.isEmpty()
                ? Optional.empty()
                : Optional.of(of(file, path + key + ".", node.get()));
    }

    Optional<String> text(String key) throws ConfigException {
        var node = take(key);
        return node.isEmpty() ? Optional.empty() : Optional.of(scalar(key, node.get()));
    }

    String required(String key) throws ConfigException {
        var value = text(key);
        if (value.isEmpty()) {
            throw missing(key, "");
        }
        return value.get();
    }

    /**
     * For a setting that must be there and is not. Names the one that was meant as it, if there is
     * one.
     */
    ConfigException missing(String key, String remedy) {
        for (var entry : entries.entrySet()) {
            if (!known.contains(entry.getKey())
                    && Nearest.to(entry.getKey(), List.of(key)).isPresent()) {
                return new ConfigException(
                        at(file, entry.getValue().key())
                                + "no setting "
                                + path
                                + entry.getKey()
                                + "; did you mean "
                                + key
                                + "?");
            }
        }
        return new ConfigException(file + ": " + path + key + " is missing" + remedy);
    }

    Path absolutePath(String key, String otherwise) throws ConfigException {
        var value = text(key).orElse(otherwise);
        if (!value.startsWith("/")) {
            throw refusal(key, value, "an absolute path");
        }
        return Path.of(value).normalize();
    }

    /** Empty if it is not given. */
    Optional<Path> absolutePath(String key) throws ConfigException {
        return text(key).isEmpty() ? Optional.empty() : Optional.of(absolutePath(key, "/"));
    }

    int port(String key, int otherwise) throws ConfigException {
        var value = text(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (!value.get().matches("[1-9][0-9]{0,4}") || Integer.parseInt(value.get()) > 65_535) {
            throw refusal(key, value.get(), "a port from 1 to 65535");
        }
        return Integer.parseInt(value.get());
    }

    boolean flag(String key, boolean otherwise) throws ConfigException {
        var value = text(key).orElse(Boolean.toString(otherwise));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refusal(key, value, "true or false");
        };
    }

    Duration duration(String key, Duration otherwise, Duration least, Duration most)
            throws ConfigException {
        var value = text(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        var match = DURATION.matcher(value.get());
        var duration =
                match.matches() ? durationOf(match.group(1), match.group(2)) : Duration.ofNanos(-1);
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw refusal(
                    key,
                    value.get(),
                    "a time like 500ms, 10s or 5m from " + words(least) + " to " + words(most));
        }
        return duration;
    }

    /** A list of words, or a single word. */
    Optional<List<String>> list(String key) throws ConfigException {
        var node = take(key);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (!(node.get() instanceof SequenceNode sequence)) {
            return Optional.of(List.of(scalar(key, node.get())));
        }
        var words = new ArrayList<String>();
        for (var item : sequence.getValue()) {
            words.add(scalar(key, item));
        }
        return Optional.of(List.copyOf(words));
    }

    /** A mapping of free names to words, in the order of the file. */
    SequencedMap<String, String> table(String key) throws ConfigException {
        var section = section(key);
        var table = new LinkedHashMap<String, String>();
        if (section.isPresent()) {
            for (var entry : section.get().entries.entrySet()) {
                table.put(
                        entry.getKey(),
                        section.get().scalar(entry.getKey(), entry.getValue().value()));
            }
        }
        return table;
    }

    /** The error for a value that is not what it must be. */
    ConfigException refusal(String key, String value, String allowed) {
        var entry = entries.get(key);
        var place = entry == null ? file + ": " : at(file, entry.value());
        return new ConfigException(place + path + key + " is " + value + " and must be " + allowed);
    }

    private Optional<Node> take(String key) {
        known.add(key);
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    private String scalar(String key, Node node) throws ConfigException {
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            throw new ConfigException(at(file, node) + path + key + " must be a single value");
        }
        return scalar.getValue();
    }

    private static Duration durationOf(String count, String unit) {
        var number = Long.parseLong(count);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }

    private static String nameOr(String path, String otherwise) {
        return path.isEmpty() ? otherwise : path.substring(0, path.length() - 1);
    }

    private static String at(String file, Node node) {
        return file + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("") + ": ";
    }
}
