/** Tests that what is written as JSON is read back, and what is not ours is refused. */
@NullMarked
package io.skerry.fleet.api.schema;

import org.jspecify.annotations.NullMarked;
