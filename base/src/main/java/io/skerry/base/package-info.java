/**
 * What every system stands on: logging, metrics, TLS, HTTP and gRPC listeners, processes and
 * clocks. Knows nothing of any system above it.
 */
@NullMarked
package io.skerry.base;

import org.jspecify.annotations.NullMarked;
