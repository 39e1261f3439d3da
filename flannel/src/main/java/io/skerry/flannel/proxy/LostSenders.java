package io.skerry.flannel.proxy;

import io.skerry.base.log.Log;
import io.skerry.flannel.kernel.IpSocket;
import io.skerry.flannel.kernel.Libc;
import io.skerry.flannel.kernel.UdpSocket;
import io.skerry.flannel.packet.PacketMemory;
import io.skerry.flannel.packet.Unreachable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells senders of packets to addresses that no host has, so that connections fail at once instead
 * of after minutes. The answers leave by a socket of the host and not by the device: from there,
 * the kernel would drop what carries an address of its own. For one thread.
 */
final class LostSenders {
    private static final Log LOG = Log.of(LostSenders.class);
    private static final int ADDRESS_AT = 4;
    private static final int NAME_BYTES = 16;

    private final Libc libc = new Libc();
    private final @Nullable IpSocket socket;
    private final LongSupplier nanos;
    private final AnswerLimit limit;
    private final PacketMemory answer;
    private final PacketMemory name;
    private final Messages message;
    private final Pieces pieces;

    /**
     * @param socket null if none can be opened, and nobody told then
     */
    LostSenders(Arena arena, @Nullable IpSocket socket, LongSupplier nanos) {
        this.socket = socket;
        this.nanos = nanos;
        limit = new AnswerLimit(nanos.getAsLong());
        answer = new PacketMemory(arena.allocate(Unreachable.MOST_BYTES));
        name = new PacketMemory(arena.allocate(NAME_BYTES, 4));
        MemorySegment.copy(
                MemorySegment.ofArray(UdpSocket.name(0)), 0, name.segment(), 0, NAME_BYTES);
        pieces = new Pieces(arena, 1);
        message = new Messages(arena, 1);
        message.setNoWord(0);
        message.setName(0, name.segment());
    }

    /** A socket for it, in the network namespace of the calling thread. */
    static @Nullable IpSocket open() {
        try {
            return IpSocket.open();
        } catch (IOException e) {
            LOG.warn(
                    "senders to addresses that no host has are not told so", "why", e.getMessage());
            return null;
        }
    }

    /** Tells the sender of a packet of IPv4, if it is to be told, and not too often. */
    void tell(PacketMemory memory, int at, int length) {
        int sender = memory.i32(at + Unreachable.SOURCE);
        IpSocket open = socket;
        if (open == null) {
            return;
        }
        int bytes = Unreachable.answer(memory, at, length, answer);
        if (bytes == 0 || !limit.allows(sender, nanos.getAsLong())) {
            return;
        }
        name.put32(ADDRESS_AT, sender);
        pieces.clear();
        pieces.add(answer, 0, bytes);
        message.setPieces(0, pieces.from(0), 1);
        int sent = libc.sendMessages(open.fileDescriptor(), message.from(0), 1);
        if (sent != 1) {
            LOG.debug("a sender could not be told", "errno", -sent);
        }
    }
}
