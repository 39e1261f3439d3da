/** Tests of what the network's benchmark reads and tells, without hosts. */
@NullMarked
package io.skerry.bench.net;

import org.jspecify.annotations.NullMarked;
