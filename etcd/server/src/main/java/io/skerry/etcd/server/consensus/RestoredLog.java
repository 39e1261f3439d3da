package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.snapshot.Snapshot;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotMetaTable;
import io.skerry.etcd.server.consensus.rpc.MemberName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Gives a restored member a log that begins after the restored state: a member that joins later
 * with nothing must be sent that state, not the log alone.
 */
public final class RestoredLog {
    private RestoredLog() {}

    /**
     * Writes it.
     *
     * @param directory of log and vote, see {@link RaftOptions}; nothing is in it yet
     * @param index the entry that the state stands for
     * @param members ids of all members of the restored cluster
     */
    public static void create(Path directory, long index, Collection<Long> members)
            throws IOException {
        LibrarySettings.apply();
        Path snapshot =
                Files.createDirectories(
                        directory
                                .resolve("snapshot")
                                .resolve(Snapshot.JRAFT_SNAPSHOT_PREFIX + index));
        Files.writeString(snapshot.resolve(MachineDriver.MARKER), Long.toString(index));
        var meta = SnapshotMeta.newBuilder().setLastIncludedIndex(index).setLastIncludedTerm(1);
        members.forEach(member -> meta.addPeers(MemberName.of(member).toString()));
        var table = new LocalSnapshotMetaTable(new RaftOptions());
        table.setMeta(meta.build());
        table.addFile(MachineDriver.MARKER, LocalFileMeta.newBuilder().build());
        if (!table.saveToFile(snapshot.resolve(Snapshot.JRAFT_SNAPSHOT_META_FILE).toString())) {
            throw new IOException("cannot write the snapshot's description to " + snapshot);
        }
    }
}
