package io.skerry.etcd.server.consensus.log;

import java.io.IOException;

/** The log on disk lost something that was durable once; the member must not go on with it. */
public final class LogCorruptException extends IOException {
    private static final long serialVersionUID = 1L;

    LogCorruptException(String message) {
        super(message);
    }
}
