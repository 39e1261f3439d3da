/**
 * The commands {@code up}, {@code status}, {@code down}, {@code logs}, {@code host} and {@code
 * env}: a cluster of virtual hosts on this machine, or this machine as a member where systemd runs
 * it. Builds on {@code testbed.hosts} for the hosts and asks the running cluster only through its
 * public APIs. Decides nothing about the store or about units.
 */
@NullMarked
package io.skerry.node.playground;

import org.jspecify.annotations.NullMarked;
