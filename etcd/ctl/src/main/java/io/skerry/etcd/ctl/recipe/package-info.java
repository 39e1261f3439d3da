/**
 * What is built from several requests, as etcd's own clients build it: a session that lives on a
 * lease, and the queue by which locks and elections find who is next. The commands {@code lock} and
 * {@code elect} call it; it prints nothing.
 */
@NullMarked
package io.skerry.etcd.ctl.recipe;

import org.jspecify.annotations.NullMarked;
