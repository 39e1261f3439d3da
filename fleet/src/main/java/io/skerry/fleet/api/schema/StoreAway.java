package io.skerry.fleet.api.schema;

/**
 * What the API answers while its store is away, as it is while it elects a leader: asking again
 * helps. A host that may not speak for the cluster answers with the same status and other words.
 */
public final class StoreAway {
    public static final int STATUS = 503;

    /** As the original says it. */
    public static final String MESSAGE = "fleet server unable to communicate with etcd";

    private StoreAway() {}

    /**
     * Whether an answer says that. What stands before the API, as a proxy, says in words of its own
     * that nothing is behind it, which may pass as well.
     */
    public static boolean isSaidBy(int status, byte[] answer) {
        try {
            return status == STATUS && JsonReader.ANSWERS.errorMessage(answer).equals(MESSAGE);
        } catch (SchemaException e) {
            return true;
        }
    }
}
