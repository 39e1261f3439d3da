package io.skerry.flannel.policy;

/** A document cannot be a policy; the message names the field and what is allowed. */
public final class PolicyFault extends Exception {
    private static final long serialVersionUID = 1L;

    public PolicyFault(String message) {
        super(message);
    }
}
