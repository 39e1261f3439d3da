/**
 * What a user who logged in shows from then on: random tokens that the members keep in memory, or
 * signed ones (JWT) that need no memory. Used by {@code auth}; knows nothing of the store.
 */
@NullMarked
package io.skerry.etcd.server.auth.token;

import org.jspecify.annotations.NullMarked;
