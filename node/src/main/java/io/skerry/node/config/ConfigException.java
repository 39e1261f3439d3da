package io.skerry.node.config;

/** The configuration cannot be used; the message names file, line, value and what is allowed. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }
}
