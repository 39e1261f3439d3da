package io.skerry.etcd.server.bootstrap;

import java.io.IOException;
import java.util.List;

/** A key in a store that is there already, under which the members of a new cluster register. */
interface Registry extends AutoCloseable {
    /**
     * How many members the cluster is to have.
     *
     * @throws IOException if the registry cannot be asked, or says nothing usable
     */
    int size() throws IOException, InterruptedException;

    /** Registers a member unless it is registered already. */
    void register(Entry entry) throws IOException, InterruptedException;

    /** All who have registered, the first first. */
    List<Entry> entries() throws IOException, InterruptedException;

    /** The token that keeps this cluster apart from others. */
    String token();

    @Override
    void close();

    /**
     * One member.
     *
     * @param id hexadecimal id of the member
     * @param urls {@code name=url,name=url}
     */
    record Entry(String id, String urls) {}

    /**
     * Reads a size.
     *
     * @throws IOException if it is none
     */
    static int parseSize(String value) throws IOException {
        try {
            int size = Integer.parseInt(value.strip());
            if (size > 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IOException(
                "discovery: size key is bad: \"" + value + "\" must be a number of at least 1");
    }

    /** The registry could not be asked now. */
    final class AwayException extends IOException {
        private static final long serialVersionUID = 1L;

        AwayException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }
}
