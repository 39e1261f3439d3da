package io.skerry.bench.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a measurement was made.
 *
 * @param fileSystem of the members' data
 */
public record Machine(
        int processors,
        String processorModel,
        String kernel,
        String java,
        String fileSystem,
        long memoryBytes) {
    /** This machine, with the file system of a folder. */
    public static Machine of(Path dataFolder) throws IOException {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                valueOf("/proc/cpuinfo", "model name"),
                System.getProperty("os.version", "unknown"),
                Runtime.version().toString(),
                Files.getFileStore(dataFolder).type(),
                Long.parseLong(valueOf("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", ""))
                        * 1024);
    }

    private static String valueOf(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }
}
