package io.skerry.fleet.ctl;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "fd-forward",
        description = {
            "Joins standard input and output to a Unix socket. The original's --tunnel runs it on"
                    + " the",
            "far host."
        },
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} /var/run/fleet.sock"})
final class FdForwardCommand extends CtlAction {
    @Parameters(arity = "1", paramLabel = "SOCKET", description = "Path of the socket.")
    private String socket = "";

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                throw CtlException.failed("cannot connect to " + socket + ": " + e.getMessage());
            }
            var input = Background.start("fd-forward", () -> send(channel));
            copy(Channels.newInputStream(channel), new FileOutputStream(FileDescriptor.out));
            input.interrupt();
            return 0;
        }
    }

    private static void send(SocketChannel channel) {
        try {
            copy(new FileInputStream(FileDescriptor.in), Channels.newOutputStream(channel));
            channel.shutdownOutput();
        } catch (IOException e) {
            // The other end has closed: what it said is copied, then this process ends.
        }
    }

    /** By pieces as they come: both ends wait for each other's words. */
    private static void copy(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[64 << 10];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
            to.flush();
        }
    }
}
