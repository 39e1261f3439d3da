/** Malformed bytes for every listener of a member. */
@NullMarked
package io.skerry.etcd.server.fuzz;

import org.jspecify.annotations.NullMarked;
