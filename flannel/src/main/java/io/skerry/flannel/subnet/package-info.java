/**
 * Which host has which subnet: leases in the store under the original's keys, how a host comes to
 * its own and keeps it, and a view of everybody's. Choices are pure ({@code Allocation}); the store
 * comes in through {@code SubnetStore}. Nothing here knows of the kernel.
 */
@NullMarked
package io.skerry.flannel.subnet;

import org.jspecify.annotations.NullMarked;
