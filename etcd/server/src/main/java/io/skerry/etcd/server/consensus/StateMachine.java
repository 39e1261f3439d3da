package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * What the replicated commands act upon. One thread drives {@link #apply}, {@link #leadership} and
 * {@link #readSnapshot} in log order; {@link #appliedIndex}, {@link #flush} and {@link
 * #writeSnapshot} may be called by any thread at any time.
 *
 * <p>A machine keeps its state on disk by itself, its applied index in the same commit. It may lose
 * the newest applied entries in a crash as long as they lie after the last {@link #flush}: the log
 * gives them again.
 */
public interface StateMachine {

    /** Index of the newest log entry whose effects this machine contains; 0 at first. */
    long appliedIndex();

    /**
     * Applies one committed log entry, which is one batch of commands: one storage write, one
     * publication to watchers. Must be deterministic. An exception stops the member: it would no
     * longer be equal to the others.
     *
     * @param index index of the entry, always greater than {@link #appliedIndex}; gaps are entries
     *     without commands
     * @return one result for each command, in the same order
     */
    List<CommandResult> apply(long index, long term, List<ByteString> commands);

    /**
     * This member has become the leader of a term (and has applied all that was committed before
     * it), or is one no longer.
     */
    void leadership(long term, boolean leader);

    /**
     * Makes durable all that was applied when it was called, while commands go on being applied;
     * the log before it is given up after this returns.
     */
    void flush() throws IOException;

    /**
     * Writes a consistent image of the state and of its applied index while commands go on being
     * applied.
     */
    void writeSnapshot(OutputStream out) throws IOException;

    /**
     * Replaces everything by an image that {@link #writeSnapshot} wrote on another member;
     * afterwards {@link #appliedIndex} is the image's, and all of it is durable. If it fails the
     * former state must still be whole after a restart.
     */
    void readSnapshot(InputStream in) throws IOException;
}
