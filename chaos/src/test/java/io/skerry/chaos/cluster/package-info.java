/** Tests. */
@NullMarked
package io.skerry.chaos.cluster;

import org.jspecify.annotations.NullMarked;
