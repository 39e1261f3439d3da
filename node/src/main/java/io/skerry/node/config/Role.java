package io.skerry.node.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a host takes part in. */
public enum Role {
    /** A voting member of the store. */
    ETCD("etcd"),
    /** Runs units of the cluster, serves fleet's API, and may be elected to place units. */
    FLEET("fleet"),
    /** Has a subnet of the overlay network, once the store has a configuration of one. */
    FLANNEL("flannel");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** How the configuration spells it. */
    public String word() {
        return word;
    }

    static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
    }

    static List<String> spellings() {
        return Arrays.stream(values()).map(Role::word).toList();
    }
}
