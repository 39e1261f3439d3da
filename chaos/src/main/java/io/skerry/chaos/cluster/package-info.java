/**
 * Members of a store as processes, each with a network of its own when that is allowed, and what
 * can be done to them. Touches neither the machine's own network nor processes that it did not
 * start.
 */
@NullMarked
package io.skerry.chaos.cluster;

import org.jspecify.annotations.NullMarked;
