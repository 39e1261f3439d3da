package io.skerry.fleet.conf;

import io.skerry.base.file.FileFault;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.text.GoDuration;
import io.skerry.base.tls.TlsFiles;
import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.access.Subject;
import io.skerry.fleet.access.Token;
import io.skerry.fleet.store.Keys;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All options of a host, checked.
 *
 * @param store where the store is, and who asks
 * @param keys where in the store everything is kept
 * @param publicIp where other hosts reach this one; empty: its address on the default route
 * @param metadata what units may ask of the machine
 * @param agentTtl after how long of silence its units are given to other hosts
 * @param handover for how long its units go on, when it leaves, until they run elsewhere
 * @param engine this host may be elected to place units
 * @param unitsDirectory where unit files are written
 * @param access who may do what through the API
 * @param pageSize entries on one page of the API's lists
 * @param listen where the API is served; empty: at the sockets that were passed, or the usual one
 * @param listenTls for https, null when there is none
 * @param debug log details, too
 */
public record FleetConf(
        StoreAccess store,
        Keys keys,
        String publicIp,
        SortedMap<String, String> metadata,
        Duration agentTtl,
        Duration handover,
        boolean engine,
        Path unitsDirectory,
        AccessRules access,
        int pageSize,
        List<ListenUrl> listen,
        @Nullable TlsFiles listenTls,
        boolean debug) {
    private static final Pattern METADATA_KEY = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Duration MAX_TIME = Duration.ofMinutes(10);
    private static final int MAX_PAGE = 1000;

    /** Keeps its own copy. */
    public FleetConf {
        listen = List.copyOf(listen);
    }

    /** Reads options; the first that cannot be used is refused with its place. */
    public static FleetConf of(OptionValues values) throws ConfException {
        AccessRules access = access(values);
        var conf =
                new FleetConf(
                        StoreAccess.of(values),
                        new Keys(values.text(FleetOption.ETCD_KEY_PREFIX)),
                        values.text(FleetOption.PUBLIC_IP),
                        metadata(values),
                        duration(values, FleetOption.AGENT_TTL, Duration.ofSeconds(2)),
                        duration(values, FleetOption.HANDOVER, Duration.ZERO),
                        !flag(values, FleetOption.DISABLE_ENGINE),
                        absolute(values, FleetOption.UNITS_DIRECTORY),
                        access,
                        (int) number(values, FleetOption.TOKEN_LIMIT, 1, MAX_PAGE),
                        listen(values),
                        tls(values, access.certificateRequired()),
                        number(values, FleetOption.VERBOSITY, 0, 100) > 0);
        conf.checkListen(values);
        return conf;
    }

    /** The port at which hosts ask each other, if the API is served over TCP at all. */
    public Optional<ListenUrl.Tcp> peerAddress() {
        return listen.stream()
                .filter(ListenUrl.Tcp.class::isInstance)
                .map(ListenUrl.Tcp.class::cast)
                .findFirst();
    }

    private void checkListen(OptionValues values) throws ConfException {
        boolean https = listen.stream().anyMatch(url -> url instanceof ListenUrl.Tcp t && t.tls());
        if (https && listenTls == null) {
            throw values.refusal(
                    FleetOption.LISTEN,
                    "used with listen_certfile, listen_keyfile and listen_cafile where it is"
                            + " https");
        }
        if (listenTls != null && !https) {
            throw values.refusal(
                    FleetOption.LISTEN_CERTFILE, "used with a listen=https://host:port");
        }
    }

    private static SortedMap<String, String> metadata(OptionValues values) throws ConfException {
        var metadata = new TreeMap<String, String>();
        for (String pair : words(values.text(FleetOption.METADATA))) {
            int equals = pair.indexOf('=');
            if (equals < 0 || !METADATA_KEY.matcher(pair.substring(0, equals)).matches()) {
                throw values.refusal(
                        FleetOption.METADATA,
                        "key=value,key=value with keys of letters, digits, _ . and -");
            }
            metadata.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return metadata;
    }

    private static AccessRules access(OptionValues values) throws ConfException {
        var rules = new ArrayList<AccessRules.Rule>();
        var options =
                Map.of(
                        Role.ADMIN, FleetOption.ROLES_ADMIN,
                        Role.OPERATOR, FleetOption.ROLES_OPERATOR,
                        Role.READ_ONLY, FleetOption.ROLES_READ_ONLY);
        for (Role role : Role.values()) {
            FleetOption option = Objects.requireNonNull(options.get(role));
            each(values, option, Subject::parse)
                    .forEach(subject -> rules.add(new AccessRules.Rule(role, subject)));
        }
        if (values.text(FleetOption.TOKENS_FILE).isEmpty()) {
            return new AccessRules(rules, List.of());
        }
        try {
            return new AccessRules(rules, Token.read(absolute(values, FleetOption.TOKENS_FILE)));
        } catch (FileSystemException e) {
            throw new ConfException(values.place(FleetOption.TOKENS_FILE) + ": " + FileFault.of(e));
        } catch (IOException e) {
            throw new ConfException(values.place(FleetOption.TOKENS_FILE) + ": " + e.getMessage());
        }
    }

    private static List<ListenUrl> listen(OptionValues values) throws ConfException {
        return each(values, FleetOption.LISTEN, ListenUrl::parse);
    }

    private static @Nullable TlsFiles tls(OptionValues values, boolean certificateRequired)
            throws ConfException {
        var files = new ArrayList<Path>();
        var options =
                List.of(
                        FleetOption.LISTEN_CERTFILE,
                        FleetOption.LISTEN_KEYFILE,
                        FleetOption.LISTEN_CAFILE);
        for (FleetOption option : options) {
            if (!values.text(option).isEmpty()) {
                files.add(absolute(values, option));
            }
        }
        if (files.isEmpty()) {
            return null;
        }
        if (files.size() < options.size()) {
            throw new ConfException(
                    "listen_certfile, listen_keyfile and listen_cafile are only of use together");
        }
        return new TlsFiles(files.get(0), files.get(1), files.get(2), certificateRequired);
    }

    /** The parts of a list with commas; the brackets and quotes of the original's examples go. */
    static List<String> words(String list) {
        return Pattern.compile(",")
                .splitAsStream(list)
                .map(word -> word.replaceAll("^[ \\[\"]+|[ \"\\]]+$", ""))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    static <T> List<T> each(OptionValues values, FleetOption option, Function<String, T> reading)
            throws ConfException {
        var all = new ArrayList<T>();
        for (String word : words(values.text(option))) {
            try {
                all.add(reading.apply(word));
            } catch (IllegalArgumentException e) {
                throw new ConfException(values.place(option) + ": " + e.getMessage());
            }
        }
        return List.copyOf(all);
    }

    static Path absolute(OptionValues values, FleetOption option) throws ConfException {
        Path path = Path.of(values.text(option));
        if (!path.isAbsolute()) {
            throw values.refusal(option, "an absolute path");
        }
        return path.normalize();
    }

    private static boolean flag(OptionValues values, FleetOption option) throws ConfException {
        return switch (values.text(option)) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> throw values.refusal(option, "true or false");
        };
    }

    static double number(OptionValues values, FleetOption option, double least, double most)
            throws ConfException {
        boolean whole = least == Math.rint(least);
        String text = values.text(option);
        if (text.matches(whole ? "[0-9]{1,9}" : "[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            double number = Double.parseDouble(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        String bounds = whole ? (int) least + " to " + (int) most : least + " to " + most;
        throw values.refusal(option, "a number from " + bounds);
    }

    private static Duration duration(OptionValues values, FleetOption option, Duration least)
            throws ConfException {
        Duration time = GoDuration.parse(values.text(option)).orElse(Duration.ofNanos(-1));
        if (time.compareTo(least) < 0 || time.compareTo(MAX_TIME) > 0) {
            throw values.refusal(
                    option, "a time like 30s or 1m from " + least.toSeconds() + "s to 10m");
        }
        return time;
    }
}
