package io.skerry.flannel.proxy;

import io.skerry.flannel.kernel.Libc;
import io.skerry.flannel.kernel.Tun;
import io.skerry.flannel.kernel.UdpSocket;
import io.skerry.flannel.packet.PacketMemory;
import io.skerry.flannel.packet.TcpJoin;
import io.skerry.flannel.packet.TcpSplit;
import io.skerry.flannel.packet.VirtioHeader;
import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * From other hosts to the device: takes the datagrams that are there by one system call, and writes
 * those that follow each other in a TCP connection as one packet, if the device takes such. For one
 * thread.
 */
final class IncomingPath {
    private static final int MESSAGES = 16;
    private static final int MESSAGE_BYTES = 65_536;
    private static final int LEAST_BYTES = 20;

    private final Libc libc = new Libc();
    private final Tun tun;
    private final UdpSocket socket;
    private final Tally tally;
    private final PacketMemory memory;
    private final Messages messages;
    private final Pieces pieces;
    private final TcpJoin join;

    /** Of one packet: zeros, as nothing is left to do to it; behind that, of those joined. */
    private final PacketMemory headers;

    IncomingPath(Arena arena, Tun tun, UdpSocket socket, Tally tally) {
        this.tun = tun;
        this.socket = socket;
        this.tally = tally;
        memory = new PacketMemory(arena.allocate((long) MESSAGES * MESSAGE_BYTES));
        headers =
                new PacketMemory(
                        arena.allocate(2L * VirtioHeader.BYTES + TcpSplit.MOST_HEADER_BYTES));
        messages = new Messages(arena, MESSAGES);
        pieces = new Pieces(arena, Pieces.MOST);
        join = new TcpJoin(memory);
        var rooms = new Pieces(arena, MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            rooms.add(memory, i * MESSAGE_BYTES, MESSAGE_BYTES);
            messages.setPieces(i, rooms.from(i), 1);
        }
    }

    /** Waits for datagrams, for a second at most, and carries those that came. */
    void carry() throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            messages.expectWord(i);
        }
        int count = libc.receiveMessages(socket.fileDescriptor(), messages.from(0), MESSAGES);
        if (count < 0 && count != -Libc.EINTR && count != -Libc.EAGAIN) {
            throw new IOException("nothing can be received, errno " + -count);
        }
        for (int i = 0; i < count; i++) {
            int length = messages.length(i);
            int each = messages.word(i, UdpSocket.LEVEL_UDP, UdpSocket.UDP_GRO, length);
            for (int done = 0; done < length; done += each) {
                add(i * MESSAGE_BYTES + done, Math.min(each, length - done));
            }
        }
        write();
    }

    private void add(int at, int length) throws IOException {
        if (length < LEAST_BYTES) {
            tally.dropped().increment();
        } else if (!tun.offloads() || !join.add(at, length)) {
            write();
            join.add(at, length);
        }
    }

    /** Writes what there is. */
    private void write() throws IOException {
        int count = join.count();
        if (count > 1 && writeJoined(count)) {
            tally.received().add(count);
        } else {
            for (int i = 0; i < count; i++) {
                boolean written = writeSingle(join.at(i), join.length(i));
                (written ? tally.received() : tally.dropped()).increment();
            }
        }
        join.clear();
    }

    private boolean writeJoined(int count) throws IOException {
        int header = VirtioHeader.BYTES;
        pieces.clear();
        pieces.add(headers, header, join.writeHeaders(headers, header));
        for (int i = 0; i < count; i++) {
            pieces.add(memory, join.payloadAt(i), join.payloadBytes(i));
        }
        return writePieces();
    }

    private boolean writeSingle(int at, int length) throws IOException {
        pieces.clear();
        if (tun.offloads()) {
            pieces.add(headers, 0, VirtioHeader.BYTES);
        }
        pieces.add(memory, at, length);
        return writePieces();
    }

    private boolean writePieces() throws IOException {
        return libc.writePieces(tun.fileDescriptor(), pieces.from(0), pieces.count()) >= 0;
    }
}
