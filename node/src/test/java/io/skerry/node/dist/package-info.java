/** Tests of what the build does to the distribution. */
@NullMarked
package io.skerry.node.dist;

import org.jspecify.annotations.NullMarked;
