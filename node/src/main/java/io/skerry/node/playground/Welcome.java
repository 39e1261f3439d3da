package io.skerry.node.playground;

import java.time.Duration;
import java.util.Locale;

/** The screen with which {@code up} ends. */
final class Welcome {
    private Welcome() {}

    static String text(Session session, ClusterAccess access, Duration took) {
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "Playground %s is up: %d hosts in %.1f s.%n%n",
                        session.name(),
                        access.hosts().size(),
                        took.toMillis() / 1000.0));
        for (ClusterAccess.Entrance host : access.hosts()) {
            text.append(
                    String.format(
                            "  %-4s fleet %s%s%n",
                            host.host(),
                            host.fleetUrl(),
                            host.storeMember() ? "  store " + host.storeUrl() : ""));
        }
        text.append(
                """

                For etcdctl, fleetctl and curl:
                  eval "$(%s)"

                Try:
                  %s
                  %s
                  %s
                """
                        .formatted(
                                session.command("env"),
                                session.command("status"),
                                session.command("fleet list-machines"),
                                session.command("host exec h1 -- systemctl status")));
        return text.toString();
    }
}
