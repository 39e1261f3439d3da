package io.skerry.fleet.conf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Options of the original that have nothing to set here. A value that says what happens anyway,
 * which is mostly the original's default, is let pass, so that files made for it can be used; any
 * other is refused with the reason.
 */
public enum RefusedOption {
    ENGINE_RECONCILE_INTERVAL(
            "2,2.0", "the engine acts on every change when it comes, so that there is no interval"),
    DISABLE_WATCHES("false", "everything is driven by watches, and nothing looks at intervals"),
    SYSTEMD_USER("false", "units are run by the host's systemd, not by a user's"),
    ENABLE_GRPC("false", "hosts do not talk to the engine; all they share is in the store"),
    VERIFY_UNITS("false", "the original ignores it, too: unit files are not signed"),
    AUTHORIZED_KEYS_FILE(
            "~/.ssh/authorized_keys", "the original ignores it, too: unit files are not signed");

    /** With commas between them. */
    private final String allowed;

    private final String reason;

    RefusedOption(String allowed, String reason) {
        this.allowed = allowed;
        this.reason = reason;
    }

    /** The name in the file. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name in the environment. */
    public String variable() {
        return "FLEET_" + name();
    }

    /** A switch, which as a flag needs no value. */
    public boolean isSwitch() {
        return allowed().contains("false");
    }

    /** What is so anyway. */
    private List<String> allowed() {
        return List.of(allowed.split(",", -1));
    }

    static Optional<RefusedOption> named(String key) {
        return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
    }

    /** Refuses a value that would change something. */
    void check(String value, String place) throws ConfException {
        if (!value.isEmpty() && !allowed().contains(value)) {
            throw new ConfException(
                    place
                            + " is \""
                            + value
                            + "\" and must be "
                            + allowed().getFirst()
                            + ": "
                            + reason);
        }
    }

    /** The option's line in the table of docs/fleet.md. */
    String row() {
        return "| `" + key() + "` | `" + String.join("`, `", allowed()) + "` | " + reason + " |";
    }
}
