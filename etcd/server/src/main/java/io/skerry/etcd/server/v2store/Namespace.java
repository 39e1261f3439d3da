package io.skerry.etcd.server.v2store;

/** Trees that do not see each other. */
public enum Namespace {
    /** What clients keep under {@code /v2/keys}. */
    KEYS((byte) 'k'),

    /** Users and roles of the v2 API. */
    AUTH((byte) 'a');

    private final byte mark;

    Namespace(byte mark) {
        this.mark = mark;
    }

    byte mark() {
        return mark;
    }

    static Namespace of(byte mark) {
        for (var namespace : values()) {
            if (namespace.mark == mark) {
                return namespace;
            }
        }
        throw new IllegalStateException("there is no namespace " + mark);
    }
}
