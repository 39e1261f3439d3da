package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.GoNumbers;

/** Reads leases' ids. */
final class LeaseIds {
    private LeaseIds() {}

    static long parse(String word) throws CtlFailure {
        try {
            return GoNumbers.parseLong(word, 16);
        } catch (GoNumbers.NotANumber e) {
            throw CtlFailure.arguments("bad lease ID arg (" + e.words() + "), expecting ID in Hex");
        }
    }
}
