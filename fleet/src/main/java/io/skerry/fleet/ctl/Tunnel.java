package io.skerry.fleet.ctl;

import io.skerry.base.http.ListenUrl;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The API of a far cluster at sockets of this machine, for as long as its ssh runs. Nothing of it
 * is left when the process ends, by a signal, too.
 */
final class Tunnel implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;
    private static final long END_SECONDS = 5;

    private final Process ssh;
    private final Path directory;
    private final Map<ListenUrl, Path> ways;

    private Tunnel(Process ssh, Path directory, Map<ListenUrl, Path> ways) {
        this.ssh = ssh;
        this.directory = directory;
        this.ways = ways;
    }

    /**
     * Returns when the sockets are there. ssh asks for passwords and unknown hosts at the terminal.
     *
     * @param far addresses as the tunnel's host sees them
     * @throws CtlException when ssh does not get there; it has said why
     */
    static Tunnel open(Ssh command, List<ListenUrl> far)
            throws CtlException, IOException, InterruptedException {
        Ssh.Place through = Objects.requireNonNull(command.tunnel());
        Path directory = Files.createTempDirectory("fleetctl-tunnel"); // for its owner only
        var ways = new LinkedHashMap<ListenUrl, Path>();
        var forwards = new ArrayList<String>();
        for (ListenUrl url : far) {
            Path socket = directory.resolve(ways.size() + ".sock");
            ways.put(url, socket);
            forwards.add(socket + ":" + target(url));
        }
        Process ssh;
        try {
            ssh =
                    new ProcessBuilder(command.forward(through, forwards))
                            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.INHERIT)
                            .start();
        } catch (IOException e) {
            Files.delete(directory);
            throw e;
        }
        var tunnel = new Tunnel(ssh, directory, ways);
        Runtime.getRuntime().addShutdownHook(new Thread(tunnel::close, "tunnel-end"));
        try {
            tunnel.await(through);
            return tunnel;
        } catch (CtlException | InterruptedException e) {
            tunnel.close();
            throw e;
        }
    }

    private static String target(ListenUrl url) {
        return switch (url) {
            case ListenUrl.Unix(Path path) -> path.toString();
            case ListenUrl.Tcp(String host, int port, boolean _) ->
                    (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        };
    }

    private void await(Ssh.Place through) throws CtlException, InterruptedException {
        // ssh itself has a limit for connecting; at a question the user may take any time.
        while (!ways.values().stream().allMatch(Tunnel::listens)) {
            if (ssh.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw CtlException.failed(
                        "no tunnel through "
                                + through.host()
                                + ": ssh ended with status "
                                + ssh.exitValue());
            }
        }
    }

    /** A socket is there a moment before ssh listens at it: whoever came then would be refused. */
    private static boolean listens(Path socket) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** For each far address the socket that leads there. */
    Map<ListenUrl, Path> ways() {
        return ways;
    }

    /** May be called twice. */
    @Override
    public void close() {
        ssh.destroy();
        try {
            if (!ssh.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                ssh.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ways.values().forEach(socket -> socket.toFile().delete());
        directory.toFile().delete();
    }
}
