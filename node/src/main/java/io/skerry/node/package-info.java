/**
 * The program as a whole: {@link io.skerry.node.cli} is the command line, and this package runs the
 * parts of a host. It is the one place that knows every other module; none knows it.
 */
@NullMarked
package io.skerry.node;

import org.jspecify.annotations.NullMarked;
