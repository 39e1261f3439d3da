/**
 * Counters, gauges and histograms of the process and their Prometheus text. A registry is created
 * where the program is wired and handed down; nothing is registered globally.
 */
@NullMarked
package io.skerry.base.metrics;

import org.jspecify.annotations.NullMarked;
