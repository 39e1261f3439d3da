/** What runs on a host, and the command line. */
@NullMarked
package io.skerry.node;

import org.jspecify.annotations.NullMarked;
