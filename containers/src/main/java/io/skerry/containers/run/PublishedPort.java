package io.skerry.containers.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A port of the host whose connections go to one of a container. */
public record PublishedPort(int host, int inside, String protocol) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,5}):([0-9]{1,5})(?:/(tcp|udp))?");
    private static final int HIGHEST = 65_535;

    /** Reads {@code HOST:CONTAINER[/udp]}. */
    public static PublishedPort parse(String text) throws ContainerException {
        Matcher parts = FORM.matcher(text);
        if (parts.matches()) {
            int host = Integer.parseInt(parts.group(1));
            int inside = Integer.parseInt(parts.group(2));
            if (host >= 1 && host <= HIGHEST && inside >= 1 && inside <= HIGHEST) {
                return new PublishedPort(
                        host, inside, parts.group(3) == null ? "tcp" : parts.group(3));
            }
        }
        throw new ContainerException(
                "port '"
                        + text
                        + "' must be HOST:CONTAINER or HOST:CONTAINER/udp with ports from 1 to "
                        + HIGHEST
                        + ", for instance 8080:80");
    }

    @Override
    public String toString() {
        return host + ":" + inside + (protocol.equals("tcp") ? "" : "/" + protocol);
    }
}
