package io.skerry.containers.remote;

import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Message;
import io.skerry.containers.run.ContainerException;
import io.skerry.containers.run.ContainerName;
import io.skerry.containers.run.Containers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A command in a container of this host, whose input and output are a client's. With a terminal,
 * script(1) is its other end. When the client goes, the command is ended.
 */
final class ExecCall {
    private static final Log LOG = Log.of(ExecCall.class);
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final Duration TO_END = Duration.ofSeconds(3);

    private final Conversation client;

    ExecCall(Conversation client) {
        this.client = client;
    }

    /** The command's exit code. */
    int run(Containers containers, Request.Exec request)
            throws ContainerException, IOException, InterruptedException {
        if (request.command().isEmpty()) {
            throw new ContainerException("a command is missing");
        }
        boolean terminal = request.rows() > 0 && request.columns() > 0;
        List<String> words =
                containers.execWords(name(request.container()), request.command(), terminal);
        Process process =
                new ProcessBuilder(
                                terminal
                                        ? inTerminal(words, request.rows(), request.columns())
                                        : words)
                        .start();
        try {
            var output = copy(process.getInputStream(), Conversation.DATA);
            var errors = copy(process.getErrorStream(), Conversation.ERROR_OUTPUT);
            var input = Thread.ofVirtual().start(() -> feed(process));
            int exitCode = process.waitFor();
            output.join();
            errors.join();
            input.interrupt();
            return exitCode;
        } finally {
            end(process);
        }
    }

    private static ContainerName name(String text) throws ContainerException {
        try {
            return new ContainerName(text);
        } catch (IllegalArgumentException e) {
            throw new ContainerException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<String> inTerminal(List<String> words, int rows, int columns) {
        String line =
                "stty rows "
                        + rows
                        + " cols "
                        + columns
                        + "; exec "
                        + words.stream().map(ExecCall::quoted).collect(Collectors.joining(" "));
        return List.of("script", "--quiet", "--return", "--flush", "--command", line, "/dev/null");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private Thread copy(InputStream from, int field) {
        return Thread.ofVirtual()
                .start(() -> {
                    var buffer = new byte[Conversation.PART_BYTES];
                    try (from) {
                        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                            client.sendPart(field, buffer, n);
                        }
                    } catch (IOException | GrpcException e) {
                        // The process or the client is gone; the one that is left hears of it.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** Gives the command what the client writes, and ends it when the client goes. */
    private void feed(Process process) {
        try (OutputStream input = process.getOutputStream()) {
            try {
                boolean wanted = true;
                for (Message message = client.next(FOREVER);
                        message != null;
                        message = client.next(FOREVER)) {
                    if (message.has(Conversation.WINDOW)) {
                        resize(process, message.text(Conversation.WINDOW));
                    }
                    // After the end of the input the client is still listened to: it may go.
                    wanted = wanted && write(message, input);
                }
            } catch (GrpcException clientGone) {
                LOG.debug("the client of a command is gone", "why", clientGone.getMessage());
            }
            end(process);
        } catch (IOException e) {
            // It has closed its input itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there may be more to write. */
    private static boolean write(Message message, OutputStream input) {
        try {
            message.bytes(Conversation.DATA).writeTo(input);
            input.flush();
            if (message.number(Conversation.END) == 0) {
                return true;
            }
            input.close();
        } catch (IOException e) {
            // The command does not want to read more.
        }
        return false;
    }

    /** Gives the terminal another size, of which the kernel tells who is in its foreground. */
    private static void resize(Process script, String window)
            throws IOException, InterruptedException {
        if (!window.matches("[0-9]{1,4} [0-9]{1,4}")) {
            return;
        }
        String[] size = window.split(" ", -1);
        var shell = script.children().findFirst();
        if (shell.isPresent()) {
            var _ =
                    Command.of(
                                    "stty",
                                    "-F",
                                    "/proc/" + shell.get().pid() + "/fd/0",
                                    "rows",
                                    size[0],
                                    "cols",
                                    size[1])
                            .run();
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
