package io.skerry.chaos.run;

import java.nio.file.Path;
import java.util.List;

/** The store's program with the classes of this test, as a process that starts soon. */
final class MemberProgram {
    private MemberProgram() {}

    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.skerry.etcd.server.EtcdCommand");
    }
}
