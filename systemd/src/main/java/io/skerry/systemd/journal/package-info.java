/**
 * Log lines of one unit, read or followed through {@code journalctl}. Called by fleet's API, which
 * streams them to clients on other hosts. Never keeps lines in memory and never outlives its
 * stream: closing it ends the child process.
 */
@NullMarked
package io.skerry.systemd.journal;

import org.jspecify.annotations.NullMarked;
