/** Tests of what the playground's commands write, without hosts. */
@NullMarked
package io.skerry.node.playground;

import org.jspecify.annotations.NullMarked;
