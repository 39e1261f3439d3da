package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.GoNumbers;

/** Reads members' ids. */
final class MemberIds {
    private MemberIds() {}

    /** The only word of a command. */
    static long only(Invocation invocation) throws CtlFailure {
        try {
            return GoNumbers.parseUnsigned(invocation.onlyWord("member ID is not provided"), 16);
        } catch (GoNumbers.NotANumber e) {
            throw CtlFailure.arguments(
                    "bad member ID arg (" + e.words() + "), expecting ID in Hex");
        }
    }
}
