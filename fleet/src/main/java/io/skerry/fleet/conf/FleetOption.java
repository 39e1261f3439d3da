package io.skerry.fleet.conf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every option that does something, by its name in {@code fleet.conf}. Unless {@link #ours} says
 * otherwise it is one of the original's, and means what it means there.
 */
public enum FleetOption {
    ETCD_SERVERS(
            "http://127.0.0.1:2379,http://127.0.0.1:4001",
            "client URLs of the store's members, any etcd v3"),
    ETCD_USERNAME("", "who this host is to a store with authentication"),
    ETCD_PASSWORD("", "that user's password; in the file or the environment, never as a flag"),
    ETCD_PASSWORD_FILE("", "ours: a file with the password in its first line, instead"),
    ETCD_CAFILE("", "authority that vouches for the store's certificates (PEM)"),
    ETCD_CERTFILE("", "client certificate for the store (PEM)"),
    ETCD_KEYFILE("", "its key (PEM)"),
    ETCD_KEY_PREFIX("/_coreos.com/fleet/", "where in the store everything is kept"),
    ETCD_REQUEST_TIMEOUT(
            "5", "seconds for one request to the store, repetitions included (the original: 1)"),
    PUBLIC_IP("", "where other hosts reach this one; else its address on the default route"),
    METADATA("", "what units may ask of the machine: `region=us,disk=ssd`"),
    AGENT_TTL("30s", "after how long of silence its units are given to other hosts; 2s to 10m"),
    HANDOVER("10s", "ours: for how long its units go on, when it leaves, until they run elsewhere"),
    DISABLE_ENGINE("false", "this host never places units"),
    UNITS_DIRECTORY("/run/fleet/units/", "where unit files are written"),
    TOKEN_LIMIT("100", "entries on one page of the API's lists; 1 to 1000"),
    LISTEN(
            "",
            "ours: where the API is served, `unix:///path`, `http://host:port` or"
                    + " `https://host:port`, several with commas. Without it: the sockets that"
                    + " systemd passed, or else `unix:///var/run/fleet.sock`"),
    LISTEN_CERTFILE("", "ours: certificate of the API on https, also shown to other hosts (PEM)"),
    LISTEN_KEYFILE("", "ours: its key (PEM)"),
    LISTEN_CAFILE("", "ours: authority of the client certificates that https asks for (PEM)"),
    ROLES_ADMIN(
            "",
            "ours: who may do everything: `CN=name`, `O=organisation`, `*` for any certificate,"
                    + " `anonymous`; several with commas. Without any role everybody may"),
    ROLES_OPERATOR("", "ours: who may only handle units, and read"),
    ROLES_READ_ONLY("", "ours: who may only read"),
    TOKENS_FILE("", "ours: a file with lines `NAME ROLE SECRET`, for clients without certificates"),
    VERBOSITY("0", "0 logs changes of state, 1 and more also details");

    private final String defaultValue;
    private final String meaning;

    FleetOption(String defaultValue, String meaning) {
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    /** The name in the file. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name in the environment. */
    public String variable() {
        return "FLEET_" + name();
    }

    /** What holds when nobody says anything. */
    public String defaultValue() {
        return defaultValue;
    }

    /** What it is for, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** The original has no such option. */
    boolean ours() {
        return meaning.startsWith("ours: ");
    }

    /** A switch, which as a flag needs no value. */
    public boolean isSwitch() {
        return this == DISABLE_ENGINE;
    }

    /** What may not be seen in a list of processes. */
    public boolean secret() {
        return this == ETCD_PASSWORD;
    }

    static Optional<FleetOption> named(String key) {
        return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(FleetOption::key).toList();
    }

    /** The option's line in the table of docs/fleet.md. */
    String row() {
        return "| `"
                + key()
                + "` | "
                + (defaultValue.isEmpty() ? "" : "`" + defaultValue + "` ")
                + "| "
                + meaning
                + " |";
    }
}
