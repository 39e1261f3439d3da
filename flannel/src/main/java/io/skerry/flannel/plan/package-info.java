/**
 * What the kernel shall hold so that every subnet is reached, what it does hold, and the changes
 * between the two. Pure: a backend's plan is a function of the hosts' leases, and the same views
 * always give the same changes, in an order that is safe to stop after any of them.
 */
@NullMarked
package io.skerry.flannel.plan;

import org.jspecify.annotations.NullMarked;
