package io.skerry.etcd.server.api.v2;

import java.util.List;

/**
 * Keys of v3 that clients of v2 see as a directory of their tree: programs that know v2 only go on
 * reading what newer ones keep. It is there, and read only, as long as v3 has keys below it and the
 * tree itself has no such directory. Its files are made anew for each read, at one revision.
 *
 * <p>Implementations are pure and thread-safe.
 */
public interface Projection {
    /**
     * The directory's path, as {@code /_example/app}; its keys in v3 begin with it and a slash. It
     * is shown by its whole name only and does not appear in listings of what lies above.
     */
    String directory();

    /**
     * What the files at and below a path are made of: all keys that begin with one of these.
     *
     * @param path the directory's, or one below it
     */
    List<String> prefixes(String path);

    /** The files that these keys make; more than those asked for do no harm. */
    List<Item> files(List<Item> keys);

    /**
     * A key of v3, or a file of v2.
     *
     * @param createdAt revision or index of its creation
     * @param modifiedAt that of its last change
     */
    record Item(String path, String value, long createdAt, long modifiedAt) {}
}
