package io.skerry.etcd.client;

import java.util.List;

/** Receives what a watch sees. Called by one virtual thread of the watch, which it may block. */
public interface WatchListener {
    /**
     * Changes in the order of their revisions, those of one revision never in two calls.
     *
     * @param revision the revision of the last of them
     */
    void onEvents(long revision, List<WatchEvent> events);

    /**
     * What the watch should have told was compacted away; the watch has ended. List again, then
     * watch from the listing's revision.
     */
    void onCompacted(long compactRevision);

    /** The watch sees changes from this revision on: its first contact with the store. */
    default void onCreated(long revision) {}

    /** All changes up to this revision have been told. */
    default void onProgress(long revision) {}

    /**
     * The store refuses the watch, e.g. for want of permission, or a method of this listener has
     * thrown what it should not; the watch has ended.
     */
    default void onRefused(EtcdException reason) {}
}
