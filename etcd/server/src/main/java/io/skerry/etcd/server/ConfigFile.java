package io.skerry.etcd.server;

import io.skerry.base.file.FileFault;
import io.skerry.base.text.Nearest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import picocli.CommandLine.Model.CommandSpec;

/**
 * etcd's configuration file as the flags it stands for: a YAML mapping whose keys are the flags'
 * names, but for those of TLS and sockets, which have mappings of their own.
 */
final class ConfigFile {
    private static final String CLIENT = "client-transport-security";
    private static final String PEER = "peer-transport-security";
    private static final String SOCKET = "socket-options";

    /** Keys within a mapping whose flags have another name. */
    private static final Map<String, String> PEER_FLAGS =
            Map.of(
                    "allowed-cn", "peer-cert-allowed-cn",
                    "allowed-hostname", "peer-cert-allowed-hostname");

    private static final Map<String, String> CLIENT_FLAGS =
            Map.of(
                    "cert-file", "cert-file",
                    "key-file", "key-file",
                    "client-cert-file", "client-cert-file",
                    "client-key-file", "client-key-file",
                    "client-cert-auth", "client-cert-auth",
                    "trusted-ca-file", "trusted-ca-file",
                    "crl-file", "client-crl-file",
                    "allowed-hostname", "client-cert-allowed-hostname",
                    "auto-tls", "auto-tls");

    private final Path file;
    private final Set<String> flags;
    private final List<String> arguments = new ArrayList<>();

    private ConfigFile(Path file, Set<String> flags) {
        this.file = file;
        this.flags = flags;
    }

    /**
     * Reads the file.
     *
     * @param spec the command whose flags there are
     * @throws IllegalArgumentException names file, line and key, and what is allowed
     * @throws IOException if it cannot be read
     */
    static List<String> arguments(Path file, CommandSpec spec) throws IOException {
        Set<String> flags =
                spec.optionsMap().keySet().stream()
                        .filter(name -> name.startsWith("--"))
                        .map(name -> name.substring(2))
                        .filter(name -> !name.equals("config-file") && !name.equals("version"))
                        .collect(Collectors.toCollection(TreeSet::new));
        var read = new ConfigFile(file, flags);
        String yaml = text(file);
        var settings = LoadSettings.builder().setLabel(file.toString()).setUseMarks(true).build();
        try {
            var root = new Compose(settings).composeString(yaml);
            if (root.isPresent()) {
                read.root(root.get());
            }
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new IllegalArgumentException(
                    "--config-file: " + file + line + ": not YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(
                    "--config-file: " + file + ": not YAML: " + e.getMessage(), e);
        }
        return List.copyOf(read.arguments);
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (FileSystemException e) {
            throw new IOException("--config-file: " + FileFault.of(e), e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("--config-file: " + file + " is not UTF-8", e);
        }
    }

    private void root(Node root) {
        for (var pair : pairs(root, "the file")) {
            switch (pair.name) {
                case CLIENT -> security(pair, CLIENT_FLAGS);
                case PEER -> security(pair, peerFlags());
                case SOCKET ->
                        security(
                                pair,
                                Map.of(
                                        "reuse-port", "socket-reuse-port",
                                        "reuse-address", "socket-reuse-address"));
                default -> {
                    require(pair, flags, "");
                    add(pair.name, pair);
                }
            }
        }
    }

    private Map<String, String> peerFlags() {
        var all = new HashMap<>(PEER_FLAGS);
        for (String name :
                List.of(
                        "cert-file",
                        "key-file",
                        "client-cert-file",
                        "client-key-file",
                        "client-cert-auth",
                        "trusted-ca-file",
                        "crl-file",
                        "auto-tls")) {
            all.put(name, "peer-" + name);
        }
        return all;
    }

    private void security(Pair section, Map<String, String> names) {
        if (empty(section.value)) {
            return;
        }
        for (var pair : pairs(section.value, section.name)) {
            require(pair, names.keySet(), section.name + ".");
            add(names.getOrDefault(pair.name, pair.name), pair);
        }
    }

    private record Pair(Node key, String name, Node value) {}

    private List<Pair> pairs(Node node, String what) {
        if (!(node instanceof MappingNode mapping)) {
            throw refused(node, what + " must hold keys with values");
        }
        var pairs = new ArrayList<Pair>();
        var seen = new HashSet<String>();
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw refused(tuple.getKeyNode(), "a key must be a word");
            }
            if (!seen.add(key.getValue())) {
                throw refused(key, key.getValue() + " is given twice");
            }
            pairs.add(new Pair(key, key.getValue(), tuple.getValueNode()));
        }
        return pairs;
    }

    private void require(Pair pair, Set<String> known, String path) {
        if (!known.contains(pair.name)) {
            throw refused(
                    pair.key,
                    "unknown key "
                            + path
                            + pair.name
                            + Nearest.to(pair.name, known)
                                    .map(word -> "; did you mean " + word + "?")
                                    .orElse(
                                            "; keys are the names of the flags in skerry etcd"
                                                    + " --help"));
        }
    }

    private void add(String flag, Pair pair) {
        if (!empty(pair.value)) {
            arguments.add("--" + flag + "=" + text(pair));
        }
    }

    private String text(Pair pair) {
        return switch (pair.value) {
            case ScalarNode scalar -> scalar.getValue();
            case SequenceNode list -> {
                var words = new ArrayList<String>();
                for (Node one : list.getValue()) {
                    if (!(one instanceof ScalarNode scalar)) {
                        throw refused(one, pair.name + " must be a list of words");
                    }
                    words.add(scalar.getValue());
                }
                yield String.join(",", words);
            }
            default -> throw refused(pair.value, pair.name + " must have one value, or a list");
        };
    }

    /** As etcd's sample file leaves what is not set. */
    private static boolean empty(Node value) {
        return value.getTag().equals(Tag.NULL)
                || (value instanceof ScalarNode scalar && scalar.getValue().isEmpty());
    }

    private IllegalArgumentException refused(Node at, String why) {
        String line = at.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
        return new IllegalArgumentException("--config-file: " + file + line + ": " + why);
    }
}
