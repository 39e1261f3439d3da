package io.skerry.etcd.server.auth;

/** What a permission allows, with etcd's numbers. */
public enum Access {
    READ(0),
    WRITE(1),
    READWRITE(2);

    private static final Access[] ALL = values();

    private final int number;

    Access(int number) {
        this.number = number;
    }

    /** Whether who has this may do that. */
    boolean includes(Access wanted) {
        return this == READWRITE || this == wanted;
    }

    int number() {
        return number;
    }

    /**
     * The access of etcd's number.
     *
     * @throws IllegalArgumentException if there is none of this number
     */
    static Access of(int number) {
        for (var access : ALL) {
            if (access.number == number) {
                return access;
            }
        }
        throw new IllegalArgumentException(
                "permission type " + number + " is none of 0 (read), 1 (write), 2 (readwrite)");
    }
}
