package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.skerry.etcd.server.consensus.log.SegmentLogStorage;
import io.skerry.etcd.server.consensus.log.VoteStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Gives the library our log and vote of one member; its snapshots are the library's own. */
final class LibraryStorage extends DefaultJRaftServiceFactory {
    private final SegmentLogStorage log;
    private final VoteStorage vote;

    LibraryStorage(Path directory, LongConsumer syncNanos) {
        log = new SegmentLogStorage(directory.resolve("log"), syncNanos);
        vote = new VoteStorage(directory.resolve("vote"));
    }

    @Override
    public LogStorage createLogStorage(String uri, RaftOptions options) {
        return log;
    }

    @Override
    public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
        return vote;
    }

    boolean diskFull() {
        return log.diskFull();
    }

    /** Whether the disk is at work for log or vote, or waited for. */
    boolean writing() {
        return log.writing() || vote.writing();
    }

    /** An append that waits for space gives up. */
    void stopping() {
        log.giveUpWaiting();
    }

    /** Why the library could not start. */
    IOException failure(String otherwise) {
        IOException cause = log.failure() != null ? log.failure() : vote.failure();
        return cause != null ? cause : new IOException(otherwise);
    }
}
