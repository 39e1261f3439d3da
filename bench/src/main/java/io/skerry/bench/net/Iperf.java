package io.skerry.bench.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.process.Command;
import io.skerry.bench.store.ProcessUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** TCP between two containers by iperf3. */
final class Iperf {
    static final Path PROGRAM = Path.of("/usr/bin/iperf3");

    private static final Duration MORE_TIME = Duration.ofSeconds(60);
    private static final int PERCENT = 100;

    /** How the kernel's table shows a socket that listens on port 5201. */
    private static final String LISTENING = ":1451 00000000:0000 0A";

    private Iperf() {}

    /**
     * What one run told.
     *
     * @param cpuSeconds of both iperf3 and both daemons, with what the kernel did in their names
     */
    record Run(double gigabits, double seconds, double cpuSeconds) {
        /** Reads iperf3's JSON. */
        static Run of(JsonNode json, double cpuSecondsOfDaemons) {
            JsonNode received = json.at("/end/sum_received");
            JsonNode percent = json.at("/end/cpu_utilization_percent");
            double seconds = received.path("seconds").asDouble();
            double both =
                    percent.path("host_total").asDouble() + percent.path("remote_total").asDouble();
            return new Run(
                    received.path("bits_per_second").asDouble() * seconds / 1e9,
                    seconds,
                    both / PERCENT * seconds + cpuSecondsOfDaemons);
        }

        double gigabitsPerSecond() {
            return gigabits / seconds;
        }

        double gigabitsPerCpuSecond() {
            return gigabits / cpuSeconds;
        }
    }

    static Run run(OverlayHost from, OverlayHost to, Duration time, Path folder) throws Exception {
        Process server =
                to.container()
                        .start(
                                List.of(
                                        PROGRAM.toString(),
                                        "-s",
                                        "-1",
                                        "-B",
                                        to.containerAddress()),
                                folder.resolve("iperf3.log"));
        try {
            Path sockets = Path.of("/proc", Long.toString(server.pid()), "net/tcp");
            Processes.await(
                    "iperf3 listens",
                    20,
                    () -> server.isAlive() && Files.readString(sockets).contains(LISTENING));
            double before = cpuSeconds(from.use()) + cpuSeconds(to.use());
            String json =
                    Command.of(
                                    "nsenter",
                                    "--net=/run/netns/" + from.container().name(),
                                    PROGRAM.toString(),
                                    "-c",
                                    to.containerAddress(),
                                    "-B",
                                    from.containerAddress(),
                                    "-t",
                                    Long.toString(time.toSeconds()),
                                    "-J")
                            .timeout(time.plus(MORE_TIME))
                            .check()
                            .stdout();
            double after = cpuSeconds(from.use()) + cpuSeconds(to.use());
            return Run.of(new ObjectMapper().readTree(json), after - before);
        } finally {
            Processes.end(server);
        }
    }

    private static double cpuSeconds(ProcessUse use) {
        return use.cpuSeconds();
    }
}
