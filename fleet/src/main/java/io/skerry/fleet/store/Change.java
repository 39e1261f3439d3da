package io.skerry.fleet.store;

/** One event of the store. */
public sealed interface Change {
    /** The key concerned. */
    String key();

    /** The revision at which it happened. */
    long revision();

    /** The key was created or got another value. */
    record Written(Entry entry) implements Change {
        @Override
        public String key() {
            return entry.key();
        }

        @Override
        public long revision() {
            return entry.modRevision();
        }
    }

    /** The key was deleted, or its lease ended. */
    record Deleted(String key, long revision) implements Change {}
}
