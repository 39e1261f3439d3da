/**
 * fleet on four hosts with real systemd: the scenarios of the original's functional tests, one test
 * each and named after it, and units that are no services. All classes share one playground; each
 * test leaves it as it was.
 */
@NullMarked
package io.skerry.testbed.system.fleet;

import org.jspecify.annotations.NullMarked;
