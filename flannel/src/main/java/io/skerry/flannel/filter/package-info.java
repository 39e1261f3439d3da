/**
 * Policies compiled to what the kernel looks up: sets and verdict maps, in which a packet finds its
 * verdict in a few steps however many policies there are. Pure; {@code netfilter} hands the text to
 * the kernel.
 */
@NullMarked
package io.skerry.flannel.filter;

import org.jspecify.annotations.NullMarked;
