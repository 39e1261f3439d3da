/**
 * Containers of a host: images and their file systems by containerd, what runs in them by runc
 * under the host's systemd. Knows nothing of fleet or of the store.
 */
@NullMarked
package io.skerry.containers;

import org.jspecify.annotations.NullMarked;
