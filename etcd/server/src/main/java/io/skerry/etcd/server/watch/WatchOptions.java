package io.skerry.etcd.server.watch;

/**
 * What a watch was asked to do.
 *
 * @param previous show the version before each change
 * @param progressNotify tell the revision now and then when nothing happens
 * @param fragment split what is larger than a request may be
 */
public record WatchOptions(
        boolean noPuts,
        boolean noDeletes,
        boolean previous,
        boolean progressNotify,
        boolean fragment) {}
