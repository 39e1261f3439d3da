/**
 * A client of containerd's API over its Unix socket: images, content, snapshots, and the unpacking
 * of layers. Messages are read and written by their published field numbers (containerd's
 * api/services, Apache-2.0); no generated classes. Runs no containers: systemd does that.
 */
@NullMarked
package io.skerry.containers.containerd;

import org.jspecify.annotations.NullMarked;
