package io.skerry.etcd.ctl.v2;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;

/** Failures of the older etcdctl: those of keys begin with {@code Error:}, others do not. */
final class V2Failure {
    private V2Failure() {}

    /** What stands between {@code Error:} and such a failure, one blank more than elsewhere. */
    private static final String OF_KEYS = " ";

    /** Wrong or missing words of a key's command. */
    static CtlFailure words(String message) {
        return ofKeys(ExitStatus.ERROR, message);
    }

    static CtlFailure ofKeys(int status, String message) {
        return new CtlFailure(status, OF_KEYS + message);
    }

    static boolean isOfKeys(CtlFailure failure) {
        return failure.words().startsWith(OF_KEYS);
    }

    /** A failure that is told as it is. */
    static CtlFailure plain(String message) {
        return new CtlFailure(ExitStatus.ERROR, message);
    }
}
