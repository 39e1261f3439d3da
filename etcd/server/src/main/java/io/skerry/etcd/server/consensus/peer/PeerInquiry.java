package io.skerry.etcd.server.consensus.peer;

import com.google.protobuf.ByteString;
import io.skerry.base.tls.TlsFiles;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a member of a cluster, before one is a member, which cluster it is and who is in it. */
public final class PeerInquiry {
    private static final int MAX_BYTES = 4 << 20;

    private PeerInquiry() {}

    /**
     * What the member tells about its cluster.
     *
     * @param tls for peers whose URL is https; else null
     * @throws IOException says why there is no answer
     */
    public static ByteString ask(
            InetSocketAddress address, @Nullable TlsFiles tls, Versions own, Duration patience)
            throws IOException {
        int millis = Math.toIntExact(patience.toMillis());
        try (var socket = new Socket()) {
            var resolved = new InetSocketAddress(address.getHostString(), address.getPort());
            if (resolved.isUnresolved()) {
                throw new IOException("host " + address.getHostString() + " is unknown");
            }
            socket.connect(resolved, millis);
            socket.setSoTimeout(millis);
            Socket wired = tls == null ? socket : new PeerTls(tls).client(socket, resolved);
            Handshake.inquiry(own)
                    .write(new DataOutputStream(new BufferedOutputStream(wired.getOutputStream())));
            var in = new DataInputStream(wired.getInputStream());
            Handshake.awaitWelcome(in);
            int length = in.readInt();
            if (length < 0 || length > MAX_BYTES) {
                throw new IOException("the answer claims to have " + length + " bytes");
            }
            byte[] answer = new byte[length];
            in.readFully(answer);
            return ByteString.copyFrom(answer);
        }
    }

    static void answer(DataOutputStream out, Versions own, ByteString introduction)
            throws IOException {
        Handshake.welcome(out, own);
        out.writeInt(introduction.size());
        introduction.writeTo(out);
        out.flush();
    }
}
