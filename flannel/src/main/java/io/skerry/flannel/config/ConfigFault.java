package io.skerry.flannel.config;

/** The network's configuration cannot be used; the message names the field and what is allowed. */
public final class ConfigFault extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigFault(String message) {
        super(message);
    }
}
