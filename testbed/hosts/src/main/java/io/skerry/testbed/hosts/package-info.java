/**
 * Virtual hosts on one machine: each a real systemd as PID 1 of its own namespaces over the
 * machine's own root, joined by a bridge in a namespace of its own. Called by the playground's
 * commands and by the system tests, which use the same hosts. What exists is read from the kernel
 * (control groups, namespaces) and never from remembered process ids; only identities are kept in
 * files. Never adds an interface to the machine's own network and never touches a process outside
 * the control groups of its playground.
 */
@NullMarked
package io.skerry.testbed.hosts;

import org.jspecify.annotations.NullMarked;
