/** Schedules systemd units over the hosts of a cluster. */
@NullMarked
package io.skerry.fleet;

import org.jspecify.annotations.NullMarked;
