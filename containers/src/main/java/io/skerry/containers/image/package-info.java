/**
 * OCI images: reads and writes archives of them, and brings them into a host's containerd, where
 * their layers are unpacked at once. Talks to no registry.
 */
@NullMarked
package io.skerry.containers.image;

import org.jspecify.annotations.NullMarked;
