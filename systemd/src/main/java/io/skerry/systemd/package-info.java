/**
 * Everything Skerry knows about systemd: {@code unit} is the file format, {@code manager} the
 * running service manager over D-Bus, {@code journal} its log. Used by fleet and by the tests of
 * the playground. Knows nothing of clusters, placements or stores.
 */
@NullMarked
package io.skerry.systemd;

import org.jspecify.annotations.NullMarked;
