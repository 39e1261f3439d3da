/** The command run for real, against itself where ours is not built yet. */
@NullMarked
package io.skerry.bench;

import org.jspecify.annotations.NullMarked;
