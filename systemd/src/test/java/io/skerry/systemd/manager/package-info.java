/** Tests of what needs no systemd: paths, jobs, reloads and the feed of changes. */
@NullMarked
package io.skerry.systemd.manager;

import org.jspecify.annotations.NullMarked;
