package io.skerry.testbed.hosts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two commands from changing one playground at once. By name for the whole machine, because
 * namespaces and control groups are as well; the kernel releases it when the command dies.
 */
final class PlaygroundLock implements AutoCloseable {
    private static final Path DIRECTORY = Path.of("/run/skerry");
    private static final Duration TICK = Duration.ofMillis(50);

    private final FileChannel channel;

    private PlaygroundLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, waiting for another command to finish.
     *
     * @param waiting told of the other command's process, once, when there is one
     * @throws PlaygroundException if that takes longer than the limit, naming the other process
     */
    static PlaygroundLock take(PlaygroundName name, Duration limit, Consumer<String> waiting)
            throws IOException, InterruptedException {
        Files.createDirectories(DIRECTORY);
        Path file = DIRECTORY.resolve("playground-" + name + ".lock");
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            var deadline = Deadline.in(limit);
            boolean told = false;
            while (tryLock(channel) == null) {
                if (!told) {
                    waiting.accept(holder(file));
                    told = true;
                }
                deadline.pause(
                        TICK,
                        () ->
                                "another skerry command (process "
                                        + holder(file)
                                        + ") works on playground "
                                        + name
                                        + " and did not finish");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            Long.toString(ProcessHandle.current().pid())
                                    .getBytes(StandardCharsets.US_ASCII)));
            return new PlaygroundLock(channel);
        } catch (IOException | InterruptedException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held within this process
        }
    }

    private static String holder(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
