package io.skerry.flannel.proxy;

import io.skerry.base.log.Log;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.kernel.Libc;
import io.skerry.flannel.kernel.UdpSocket;
import io.skerry.flannel.packet.PacketMemory;
import io.skerry.flannel.packet.TcpSplit;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Packets on their way out, sent by one system call. Those of one length that go to the same host
 * one after the other are one message, which the kernel cuts into datagrams, if it can. Packets
 * stay where they are in memory until {@link #flush}. For one thread.
 */
final class OutgoingBatch {
    private static final Log LOG = Log.of(OutgoingBatch.class);
    private static final int MOST_MESSAGES = 64;

    /** Older kernels make no more datagrams of a message, and none takes more bytes. */
    private static final int MOST_DATAGRAMS = 64;

    private static final int MOST_BYTES = 65_507;

    private static final int NAME_BYTES = 16;
    private static final int ADDRESS_AT = 4;
    private static final int HEADER_ROOM = 128;

    private final Libc libc = new Libc();
    private final UdpSocket socket;
    private final Tally tally;
    private final int mostDatagrams;
    private final Messages messages;
    private final Messages single;
    private final Pieces pieces;
    private final PacketMemory names;
    private final PacketMemory headers;

    private final int[] firstPieces = new int[MOST_MESSAGES + 1];
    private final int[] lengths = new int[MOST_MESSAGES];
    private final int[] datagrams = new int[MOST_MESSAGES];
    private int count;

    // Of the last message.
    private int host;
    private int bytes;
    private boolean ended;

    /**
     * @param name C's {@code sockaddr_in} of any host, with the port
     */
    OutgoingBatch(Arena arena, UdpSocket socket, byte[] name, Tally tally) {
        this.socket = socket;
        this.tally = tally;
        mostDatagrams = socket.sendsRows() ? MOST_DATAGRAMS : 1;
        messages = new Messages(arena, MOST_MESSAGES);
        single = new Messages(arena, 1);
        single.setNoWord(0);
        pieces = new Pieces(arena, Pieces.MOST);
        headers = new PacketMemory(arena.allocate((long) HEADER_ROOM * Pieces.MOST));
        names = new PacketMemory(arena.allocate((long) NAME_BYTES * MOST_MESSAGES, 4));
        for (int i = 0; i < MOST_MESSAGES; i++) {
            MemorySegment own = name(i);
            MemorySegment.copy(MemorySegment.ofArray(name), 0, own, 0, NAME_BYTES);
            messages.setName(i, own);
        }
    }

    private MemorySegment name(int message) {
        return names.segment().asSlice((long) NAME_BYTES * message, NAME_BYTES);
    }

    /** Adds a packet as it is. */
    void add(int to, PacketMemory memory, int at, int length) throws IOException {
        begin(to, length);
        pieces.add(memory, at, length);
    }

    /** Adds one of the packets that a larger one is cut into. */
    void add(int to, PacketMemory memory, TcpSplit split, int number) throws IOException {
        int payload = split.payloadBytes(number);
        begin(to, split.headerBytes() + payload);
        int header = HEADER_ROOM * pieces.count();
        split.writeHeaders(number, headers, header);
        pieces.add(headers, header, split.headerBytes());
        if (payload > 0) {
            pieces.add(memory, split.payloadAt(number), payload);
        }
    }

    private void begin(int to, int length) throws IOException {
        boolean fits = pieces.count() + 2 <= Pieces.MOST;
        if (!fits || !extendsLast(to, length)) {
            if (!fits || count == MOST_MESSAGES) {
                flush();
            }
            names.put32(NAME_BYTES * count + ADDRESS_AT, to);
            firstPieces[count] = pieces.count();
            lengths[count] = length;
            datagrams[count] = 0;
            count++;
            host = to;
            bytes = 0;
        }
        datagrams[count - 1]++;
        bytes += length;
        ended = length < lengths[count - 1];
    }

    /** All datagrams of a message have the length of the first; the last may be shorter. */
    private boolean extendsLast(int to, int length) {
        return count > 0
                && !ended
                && host == to
                && length <= lengths[count - 1]
                && datagrams[count - 1] < mostDatagrams
                && bytes + length <= MOST_BYTES;
    }

    /** Sends all; what cannot be sent is dropped. */
    void flush() throws IOException {
        firstPieces[count] = pieces.count();
        for (int i = 0; i < count; i++) {
            messages.setPieces(i, pieces.from(firstPieces[i]), firstPieces[i + 1] - firstPieces[i]);
            if (datagrams[i] > 1) {
                messages.setWord(i, UdpSocket.LEVEL_UDP, UdpSocket.UDP_SEGMENT, lengths[i]);
            } else {
                messages.setNoWord(i);
            }
        }
        for (int done = 0; done < count; ) {
            int sent =
                    libc.sendMessages(socket.fileDescriptor(), messages.from(done), count - done);
            if (sent < 0) {
                if (sent != -Libc.EINTR) {
                    refused(done++, -sent);
                }
                continue;
            }
            for (int end = done + sent; done < end; done++) {
                tally.sent().add(datagrams[done]);
            }
        }
        count = 0;
        pieces.clear();
    }

    private void refused(int message, int errno) throws IOException {
        if (datagrams[message] > 1) {
            // The way there may be narrower, or its device unable to complete checksums.
            sendSingly(message);
        } else {
            drop(message, errno);
        }
    }

    private void sendSingly(int message) throws IOException {
        single.setName(0, name(message));
        int end = firstPieces[message + 1];
        for (int from = firstPieces[message]; from < end; ) {
            int to = from;
            long length = 0;
            while (to < end && length < lengths[message]) {
                length += pieces.length(to++);
            }
            single.setPieces(0, pieces.from(from), to - from);
            int sent = libc.sendMessages(socket.fileDescriptor(), single.from(0), 1);
            if (sent == -Libc.EINTR) {
                continue;
            }
            if (sent == 1) {
                tally.sent().increment();
            } else {
                drop(message, -sent);
            }
            from = to;
        }
    }

    /** This host cannot be reached now; others can. */
    private void drop(int message, int errno) {
        tally.dropped().increment();
        LOG.debug(
                "packet could not be sent",
                "host",
                new Ip4(names.i32(NAME_BYTES * message + ADDRESS_AT)),
                "errno",
                errno);
    }
}
