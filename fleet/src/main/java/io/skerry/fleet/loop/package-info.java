/**
 * The one kind of thread that fleet's shells are made of. A loop owns the mutable state of its
 * shell: whoever has news for it tells it, and it acts after each batch of news. Knows nothing of
 * fleet.
 */
@NullMarked
package io.skerry.fleet.loop;

import org.jspecify.annotations.NullMarked;
