package io.skerry.fleet.store;

/** What became of a submitted unit. */
public enum SubmitOutcome {
    /** The unit is new. */
    CREATED,
    /** The unit had another file; now it has the submitted one. */
    REPLACED,
    /** The unit had that very file; its target state is as submitted now. */
    UNCHANGED,
    /** The unit has another file and replacing it was not asked for; nothing was changed. */
    DIFFERS
}
