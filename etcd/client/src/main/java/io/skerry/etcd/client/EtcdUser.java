package io.skerry.etcd.client;

/**
 * Who asks a store that has authentication enabled.
 *
 * @param name the user's name in the store
 * @param password never part of a text or log
 */
public record EtcdUser(String name, String password) {
    public EtcdUser {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of the store's user must not be empty");
        }
    }

    @Override
    public String toString() {
        return "EtcdUser[" + name + "]";
    }
}
