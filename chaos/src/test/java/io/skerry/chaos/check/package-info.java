/** Tests. */
@NullMarked
package io.skerry.chaos.check;

import org.jspecify.annotations.NullMarked;
