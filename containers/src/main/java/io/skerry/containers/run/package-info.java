/**
 * Containers as systemd units: what a unit file says of its container, and what a host prepares
 * before runc starts it and clears away after it. No process of ours stays with a container;
 * systemd is its parent and its judge.
 */
@NullMarked
package io.skerry.containers.run;

import org.jspecify.annotations.NullMarked;
