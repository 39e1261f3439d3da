/**
 * The module {@code systemd} against the real one, on a virtual host of its own, seen from the
 * machine outside: the bus by the host's socket, the journal through the host's namespaces.
 */
@NullMarked
package io.skerry.testbed.system.systemd;

import org.jspecify.annotations.NullMarked;
