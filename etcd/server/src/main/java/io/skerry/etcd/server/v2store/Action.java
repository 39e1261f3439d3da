package io.skerry.etcd.server.v2store;

/** What a v2 event did. */
public enum Action {
    GET("get"),
    CREATE("create"),
    SET("set"),
    UPDATE("update"),
    DELETE("delete"),
    COMPARE_AND_SWAP("compareAndSwap"),
    COMPARE_AND_DELETE("compareAndDelete"),
    EXPIRE("expire");

    private final String word;

    Action(String word) {
        this.word = word;
    }

    /** As it stands in an event. */
    public String word() {
        return word;
    }

    static Action of(String word) {
        for (var action : values()) {
            if (action.word.equals(word)) {
                return action;
            }
        }
        throw new IllegalStateException("there is no action " + word);
    }

    /** Whether the node is gone afterwards. */
    boolean removes() {
        return this == DELETE || this == COMPARE_AND_DELETE || this == EXPIRE;
    }
}
