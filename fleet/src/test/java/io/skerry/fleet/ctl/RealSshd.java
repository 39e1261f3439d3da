package io.skerry.fleet.ctl;

import io.skerry.base.net.FreePorts;
import io.skerry.base.process.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** OpenSSH's server on a port of loopback, with keys made for it, as the user of this process. */
final class RealSshd implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

    private final Path directory;
    private final int port;
    private final Process process;

    private RealSshd(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    static RealSshd start(Path directory) throws Exception {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException("these tests need it: apt-get install openssh-server");
        }
        if (user().equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // of the program itself
        }
        for (String key : new String[] {"host", "client"}) {
            Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory + "/" + key)
                    .check();
        }
        int port = FreePorts.next();
        Path config = directory.resolve("sshd_config");
        Files.writeString(
                config,
                """
                ListenAddress 127.0.0.1:%1$d
                HostKey %2$s/host
                AuthorizedKeysFile %2$s/client.pub
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                """
                        .formatted(port, directory));
        String hostKey = Files.readString(directory.resolve("host.pub"));
        Files.writeString(
                directory.resolve("known_hosts"),
                "[127.0.0.1]:" + port + " " + hostKey + "127.0.0.1 " + hostKey);
        Process process =
                new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("sshd.log").toFile())
                        .start();
        var sshd = new RealSshd(directory, port, process);
        sshd.await();
        return sshd;
    }

    private void await() throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    close();
                    throw new IOException(Files.readString(directory.resolve("sshd.log")), e);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    static String user() {
        return System.getProperty("user.name");
    }

    int port() {
        return port;
    }

    Path knownHosts() {
        return directory.resolve("known_hosts");
    }

    /** A folder whose {@code ssh} is the system's with the key and port of this server. */
    Path client() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("bin"));
        Path script = folder.resolve("ssh");
        Files.writeString(
                script,
                "#!/bin/sh\nexec /usr/bin/ssh -F none -i %s/client -o IdentitiesOnly=yes -o Port=%d \"$@\"\n"
                        .formatted(directory, port));
        if (!script.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + script + " executable");
        }
        return folder;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
