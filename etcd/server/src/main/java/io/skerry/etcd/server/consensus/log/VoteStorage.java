package io.skerry.etcd.server.consensus.log;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.base.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The term of a member and whom it voted for in it: two slots of one small file, written in turn
 * and made durable, so that a torn write leaves the former vote readable and a full disk stops no
 * election. Losing a vote could elect two leaders in one term.
 */
public final class VoteStorage implements RaftMetaStorage {
    private static final Log LOG = Log.of(VoteStorage.class);
    private static final long MAGIC = 0x534b_5259_564f_5445L; // "SKRYVOTE"
    private static final int SLOT = 512;
    private static final int CHECKSUM_AT = SLOT - 4;

    private final Path file;
    private @Nullable FileChannel channel;
    private long sequence;
    private Vote vote = new Vote(0, PeerId.emptyPeer());
    private volatile @Nullable IOException failure;

    /** Set under the lock. */
    private volatile boolean writing;

    public VoteStorage(Path file) {
        this.file = file;
    }

    /** Why the vote could not be read or written, if it could not. */
    public @Nullable IOException failure() {
        return failure;
    }

    @Override
    public synchronized boolean init(RaftMetaStorageOptions options) {
        try {
            if (!Files.exists(file)) {
                create();
            }
            FileChannel opened =
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = opened;
            load(opened);
            return true;
        } catch (IOException e) {
            failure = e;
            return false;
        }
    }

    /** The file gets its name when it is whole. */
    private void create() throws IOException {
        byte[] slots = new byte[2 * SLOT];
        sequence++;
        slot(vote).get(slots, position(), SLOT);
        WholeFile.replaceDurably(file, slots, FileMode.PRIVATE);
    }

    private void load(FileChannel opened) throws IOException {
        boolean found = false;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer bytes = ByteBuffer.allocate(SLOT);
            opened.read(bytes, (long) slot * SLOT);
            bytes.clear();
            if (bytes.getLong(0) != MAGIC || bytes.getInt(CHECKSUM_AT) != checksum(bytes)) {
                continue;
            }
            long written = bytes.getLong(8);
            if (!found || written > sequence) {
                byte[] name = new byte[Short.toUnsignedInt(bytes.getShort(24))];
                bytes.get(26, name);
                PeerId candidate = PeerId.emptyPeer();
                if (name.length > 0) {
                    candidate.parse(new String(name, StandardCharsets.US_ASCII));
                }
                vote = new Vote(bytes.getLong(16), candidate);
                sequence = written;
                found = true;
            }
        }
        if (!found) {
            throw new LogCorruptException(
                    "vote file "
                            + file
                            + " is damaged; restore this member from its peers: move its data"
                            + " directory away and add it again");
        }
    }

    private static int checksum(ByteBuffer slot) {
        var crc = new CRC32C();
        crc.update(slot.duplicate().position(0).limit(CHECKSUM_AT));
        return (int) crc.getValue();
    }

    private void write(FileChannel opened, Vote next) throws IOException {
        sequence++;
        opened.write(slot(next), position());
        opened.force(false);
    }

    private int position() {
        return (int) (sequence % 2) * SLOT;
    }

    private ByteBuffer slot(Vote next) {
        byte[] name = next.candidate().toString().getBytes(StandardCharsets.US_ASCII);
        if (next.candidate().isEmpty()) {
            name = new byte[0];
        }
        ByteBuffer bytes = ByteBuffer.allocate(SLOT);
        bytes.putLong(MAGIC).putLong(sequence).putLong(next.term()).putShort((short) name.length);
        bytes.put(name).clear();
        bytes.putInt(CHECKSUM_AT, checksum(bytes));
        return bytes;
    }

    /** Whether the disk is at work for the vote. */
    public boolean writing() {
        return writing;
    }

    private synchronized boolean save(Vote next) {
        if (next.equals(vote)) {
            return true;
        }
        FileChannel opened = channel;
        if (opened == null) {
            return false;
        }
        writing = true;
        try {
            write(opened, next);
            vote = next;
            return true;
        } catch (IOException e) {
            failure = e;
            LOG.error("vote cannot be written", "file", file, e);
            return false;
        } finally {
            writing = false;
        }
    }

    @Override
    public boolean setTerm(long term) {
        return save(new Vote(term, getVotedFor()));
    }

    @Override
    public synchronized long getTerm() {
        return vote.term();
    }

    @Override
    public boolean setVotedFor(PeerId candidate) {
        return save(new Vote(getTerm(), candidate.copy()));
    }

    @Override
    public synchronized PeerId getVotedFor() {
        return vote.candidate();
    }

    @Override
    public boolean setTermAndVotedFor(long term, PeerId candidate) {
        return save(new Vote(term, candidate.copy()));
    }

    @Override
    public synchronized void shutdown() {
        FileChannel opened = channel;
        channel = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                LOG.warn("vote file cannot be closed", "file", file, e);
            }
        }
    }

    private record Vote(long term, PeerId candidate) {}
}
