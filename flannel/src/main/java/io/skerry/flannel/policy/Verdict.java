package io.skerry.flannel.policy;

/** What becomes of a flow. */
public enum Verdict {
    ALLOW,
    /** None begins; those that run go on. */
    DENY,
    /** None begins, and those that run end. */
    DENY_AND_STOP;

    public boolean allows() {
        return this == ALLOW;
    }

    public boolean stops() {
        return this == DENY_AND_STOP;
    }
}
