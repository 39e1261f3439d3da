/**
 * Judges a history: whether the store kept what etcd promises of keys, sets, revisions, watches,
 * leases and locks. Pure: the same history gives the same violations.
 */
@NullMarked
package io.skerry.chaos.check;

import org.jspecify.annotations.NullMarked;
