/**
 * Threads of parts that live long: loops that a fault does not end, and the wait for a thread's
 * end. For whoever keeps a thread of its own; starts none itself.
 */
@NullMarked
package io.skerry.base.thread;

import org.jspecify.annotations.NullMarked;
