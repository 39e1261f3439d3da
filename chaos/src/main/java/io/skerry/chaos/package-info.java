/**
 * {@code skerry chaos}: uses a store while members are killed, stopped and cut off, and says
 * whether it kept its promises. Drives real processes; knows nothing of what is inside them, but
 * where a member's log file ends.
 */
@NullMarked
package io.skerry.chaos;

import org.jspecify.annotations.NullMarked;
