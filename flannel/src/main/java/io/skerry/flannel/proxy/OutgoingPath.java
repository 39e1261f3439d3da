package io.skerry.flannel.proxy;

import io.skerry.flannel.kernel.Libc;
import io.skerry.flannel.kernel.Tun;
import io.skerry.flannel.kernel.UdpSocket;
import io.skerry.flannel.packet.PacketMemory;
import io.skerry.flannel.packet.TcpSplit;
import io.skerry.flannel.packet.VirtioHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.Supplier;

/**
 * From the device to other hosts: reads packets until there are no more, or enough for one system
 * call, and sends them. For one thread.
 */
final class OutgoingPath {
    private static final int WAIT_MILLIS = 1000;

    /** What one read may give: 64 KB of packet, and its header. */
    private static final int READ_BYTES = VirtioHeader.BYTES + 65_536;

    /** More at once saves little, leaves the processor's cache, and makes the first wait. */
    private static final int ENOUGH_BYTES = 65_536;

    private static final int ENOUGH_PACKETS = 64;

    private static final int LEAST_BYTES = 20;
    private static final int DESTINATION = 16;
    private static final int VERSION_4 = 4;

    private final Libc libc = new Libc();
    private final Tun tun;
    private final UdpSocket socket;
    private final OutgoingBatch batch;
    private final Supplier<ForwardingTable> table;
    private final LostSenders lost;
    private final Tally tally;
    private final PacketMemory memory;
    private final int headerBytes;

    OutgoingPath(
            Arena arena,
            Tun tun,
            UdpSocket socket,
            OutgoingBatch batch,
            Supplier<ForwardingTable> table,
            LostSenders lost,
            Tally tally) {
        this.tun = tun;
        this.socket = socket;
        this.batch = batch;
        this.table = table;
        this.lost = lost;
        this.tally = tally;
        memory = new PacketMemory(arena.allocate(ENOUGH_BYTES + READ_BYTES));
        headerBytes = tun.offloads() ? VirtioHeader.BYTES : 0;
    }

    /** Carries what is there; waits for a second if there is nothing. */
    void carry() throws IOException {
        int end = 0;
        for (int i = 0; i < ENOUGH_PACKETS && end < ENOUGH_BYTES; i++) {
            int count =
                    (int)
                            libc.read(
                                    tun.fileDescriptor(),
                                    memory.segment().asSlice(end, READ_BYTES));
            if (count == -Libc.EINTR || count == -Libc.EAGAIN) {
                break;
            }
            if (count <= 0) {
                throw new IOException("the device is gone, errno " + -count);
            }
            add(end, count - headerBytes);
            end += count;
        }
        if (end == 0) {
            libc.awaitReadable(tun.fileDescriptor(), socket.fileDescriptor(), WAIT_MILLIS);
        }
        batch.flush();
    }

    private void add(int at, int length) throws IOException {
        int packet = at + headerBytes;
        if (length < LEAST_BYTES || memory.u8(packet) >>> 4 != VERSION_4) {
            tally.dropped().increment();
            return;
        }
        ForwardingTable hosts = table.get();
        int host = hosts.find(memory.i32(packet + DESTINATION));
        int payloadEach = headerBytes == 0 ? 0 : VirtioHeader.payloadEach(memory, at);
        if (host == ForwardingTable.NOBODY) {
            tally.dropped().increment();
            if (hosts.isKnown()) {
                lost.tell(memory, packet, length);
            }
        } else if (payloadEach > 0) {
            cut(host, packet, length, payloadEach);
        } else if (headerBytes == 0 || VirtioHeader.complete(memory, at, length)) {
            batch.add(host, memory, packet, length);
        } else {
            tally.dropped().increment();
        }
    }

    private void cut(int host, int packet, int length, int payloadEach) throws IOException {
        TcpSplit split = TcpSplit.of(memory, packet, length, payloadEach);
        if (split == null) {
            tally.dropped().increment();
            return;
        }
        for (int i = 0; i < split.count(); i++) {
            batch.add(host, memory, split, i);
        }
    }
}
