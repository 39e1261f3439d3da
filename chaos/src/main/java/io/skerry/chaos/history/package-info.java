/**
 * What clients did to a store and what they were told, with times from one monotonic clock: written
 * by the workloads, read by the checks. Knows neither how the store is reached nor what is right.
 */
@NullMarked
package io.skerry.chaos.history;

import org.jspecify.annotations.NullMarked;
