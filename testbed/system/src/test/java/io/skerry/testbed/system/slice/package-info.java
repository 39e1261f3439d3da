/**
 * The first story a user lives: a cluster of hosts from one command, a unit on it, a host's death.
 * Drives the built distribution as a user would; needs root and Debian's etcdctl.
 */
@NullMarked
package io.skerry.testbed.system.slice;

import org.jspecify.annotations.NullMarked;
