/** Tests of the journal's child process with stand-ins for journalctl. */
@NullMarked
package io.skerry.systemd.journal;

import org.jspecify.annotations.NullMarked;
