/** Tests. */
@NullMarked
package io.skerry.chaos.run;

import org.jspecify.annotations.NullMarked;
