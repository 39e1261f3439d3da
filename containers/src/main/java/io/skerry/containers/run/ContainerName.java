package io.skerry.containers.run;

import java.util.regex.Pattern;

/**
 * What a container is called in the cluster: its unit's name without {@code .service}. With an
 * instance, {@code web@0c5f2a19}, it tells containers of different hosts apart that their users
 * call by the same name.
 */
public record ContainerName(String value) {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}");
    private static final Pattern INSTANCE = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final String SUFFIX = ".service";

    /** As many characters of a machine id as fleet's lists show. */
    private static final int SHORT_ID = 8;

    public ContainerName {
        if (!isSound(value)) {
            throw new IllegalArgumentException(
                    "'"
                            + value
                            + "' cannot be the name of a container: up to 64 letters, digits and"
                            + " _ . -, beginning with a letter or a digit, without .service");
        }
    }

    private static boolean isSound(String value) {
        int at = value.indexOf('@');
        return PLAIN.matcher(at < 0 ? value : value.substring(0, at)).matches()
                && (at < 0 || INSTANCE.matcher(value.substring(at + 1)).matches())
                && !value.endsWith(SUFFIX);
    }

    /** Whether a unit of that name can run a container; templates and other types cannot. */
    public static boolean canBeOf(String unit) {
        return unit.endsWith(SUFFIX) && isSound(unit.substring(0, unit.length() - SUFFIX.length()));
    }

    /** The container of a unit. */
    public static ContainerName ofUnit(String unit) {
        return new ContainerName(
                unit.endsWith(SUFFIX)
                        ? unit.substring(0, unit.length() - SUFFIX.length())
                        : unit + " (a unit that is no service)");
    }

    /**
     * The name in the whole cluster of what one of its hosts calls {@code name}, which has no
     * instance.
     */
    public static ContainerName ofHost(String name, String machineId) {
        return new ContainerName(
                name + "@" + machineId.substring(0, Math.min(SHORT_ID, machineId.length())));
    }

    /** Whether it is the name of a container that belongs to that host alone. */
    public boolean isOfHost(String machineId) {
        return equals(ofHost(base(), machineId));
    }

    /** What comes before the instance: what the container itself is told of its name. */
    public String base() {
        int at = value.indexOf('@');
        return at < 0 ? value : value.substring(0, at);
    }

    /** Whether there is an instance in it. */
    public boolean isInstance() {
        return value.indexOf('@') >= 0;
    }

    /** The unit that runs it. */
    public String unit() {
        return value + SUFFIX;
    }

    /** A unit that belongs to the container: its name with something between name and instance. */
    String companion(String addition, String type) {
        return base() + addition + value.substring(base().length()) + type;
    }

    /** What runc calls it, which allows no {@code @}; no other container's name has a plus. */
    String runtimeId() {
        return value.replace('@', '+');
    }

    @Override
    public String toString() {
        return value;
    }
}
