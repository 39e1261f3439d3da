package io.skerry.fleet.ctl;

import io.skerry.base.http.ListenUrl;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The API of a far cluster at sockets of this machine, for as long as its ssh runs. */
final class Tunnel implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;

    private final Process ssh;
    private final Path directory;
    private final List<ListenUrl> urls;

    private Tunnel(Process ssh, Path directory, List<ListenUrl> urls) {
        this.ssh = ssh;
        this.directory = directory;
        this.urls = urls;
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
        var sockets = new ArrayList<ListenUrl>();
        var forwards = new ArrayList<String>();
        for (ListenUrl url : far) {
            Path socket = directory.resolve(sockets.size() + ".sock");
            sockets.add(new ListenUrl.Unix(socket));
            forwards.add(socket + ":" + target(url));
        }
        Process ssh =
                new ProcessBuilder(command.forward(through, forwards))
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.INHERIT)
                        .start();
        var tunnel = new Tunnel(ssh, directory, sockets);
        Runtime.getRuntime().addShutdownHook(new Thread(ssh::destroy, "tunnel-end"));
        try {
            tunnel.await(through);
            return tunnel;
        } catch (CtlException | InterruptedException e) {
            tunnel.close();
            throw e;
        }
    }

    private static String target(ListenUrl url) throws CtlException {
        return switch (url) {
            case ListenUrl.Unix(Path path) -> path.toString();
            case ListenUrl.Tcp(String host, int port, boolean tls) -> {
                if (tls) {
                    throw CtlException.usage(
                            "--tunnel leads to a unix:// or http:// endpoint, not to "
                                    + url
                                    + ": ssh encrypts the way already, and the certificate would"
                                    + " not be for this end of it");
                }
                yield (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
            }
        };
    }

    private void await(Ssh.Place through) throws CtlException, InterruptedException {
        // ssh itself has a limit for connecting; at a question the user may take any time.
        while (!urls.stream().allMatch(Tunnel::there)) {
            if (ssh.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw CtlException.failed(
                        "no tunnel through "
                                + through.host()
                                + ": ssh ended with status "
                                + ssh.exitValue());
            }
        }
    }

    private static boolean there(ListenUrl url) {
        return url instanceof ListenUrl.Unix(Path path) && Files.exists(path);
    }

    /** Where the API is now. */
    List<ListenUrl> urls() {
        return urls;
    }

    @Override
    public void close() {
        ssh.destroy();
        ssh.onExit().join();
        for (ListenUrl url : urls) {
            if (url instanceof ListenUrl.Unix(Path path)) {
                path.toFile().delete();
            }
        }
        directory.toFile().delete();
    }
}
