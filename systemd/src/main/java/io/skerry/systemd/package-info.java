/** Unit files, systemd over D-Bus and the journal. */
@NullMarked
package io.skerry.systemd;

import org.jspecify.annotations.NullMarked;
