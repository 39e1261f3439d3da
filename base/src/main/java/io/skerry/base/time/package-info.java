/**
 * Monotonic time as an interface, so that whatever is distributed can run in simulated time, and a
 * clock that does not count the time in which this process was frozen.
 */
@NullMarked
package io.skerry.base.time;

import org.jspecify.annotations.NullMarked;
