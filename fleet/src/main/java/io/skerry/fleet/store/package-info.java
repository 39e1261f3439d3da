/**
 * What fleet keeps in the store: keys, encodings, and the {@link io.skerry.fleet.store.Registry}
 * through which the API changes units and reads the cluster. Every change is one transaction that
 * holds only if what it was decided on is still so. Decides no placements, watches nothing on its
 * own account.
 */
@NullMarked
package io.skerry.fleet.store;

import org.jspecify.annotations.NullMarked;
