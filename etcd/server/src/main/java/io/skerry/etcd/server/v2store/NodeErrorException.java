package io.skerry.etcd.server.v2store;

/** A v2 request is refused; nothing was changed. Has no stack trace: it is an answer. */
public final class NodeErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient NodeError error;

    public NodeErrorException(NodeError error) {
        super(error.code().message() + " (" + error.cause() + ")", null, false, false);
        this.error = error;
    }

    public NodeErrorException(ErrorCode code, String cause, long index) {
        this(new NodeError(code, cause, index));
    }

    public NodeError error() {
        return error;
    }
}
