/**
 * The systemd manager of one host, driven over D-Bus: unit files linked and enabled, units started
 * and stopped, states followed by signals. {@link io.skerry.systemd.manager.SystemdManager} is the
 * contract that fleet's agent is written against. Never polls, never decides what ought to run.
 */
@NullMarked
package io.skerry.systemd.manager;

import org.jspecify.annotations.NullMarked;
