/**
 * The kernel's network as seen and changed through rtnetlink: one socket for questions and changes,
 * one for the kernel's own news. Messages are Linux' ({@code linux/rtnetlink.h}), in the machine's
 * byte order. Decides nothing; a socket belongs to the network namespace of the thread that made
 * it, whoever uses it later.
 */
@NullMarked
package io.skerry.flannel.kernel;

import org.jspecify.annotations.NullMarked;
