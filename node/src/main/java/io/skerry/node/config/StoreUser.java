package io.skerry.node.config;

import io.skerry.etcd.client.EtcdUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who this host is to a store with authentication.
 *
 * @param passwordFile holds the password in its first line
 */
public record StoreUser(String name, Path passwordFile) {
    /** The user with the password as the file has it now. */
    public EtcdUser signIn() throws IOException {
        String password = Files.readString(passwordFile).lines().findFirst().orElse("");
        if (password.isEmpty()) {
            throw new IOException(
                    passwordFile + " must hold the password of the store's user " + name);
        }
        return new EtcdUser(name, password);
    }
}
