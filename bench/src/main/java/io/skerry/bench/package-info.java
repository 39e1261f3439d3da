/**
 * {@code skerry bench}: measures Skerry beside the originals, in one run and on one machine, so
 * that what is compared is a ratio and not two days. The commands are here; {@code store} runs
 * servers and reports, {@code load} makes the load. Called by the command line only, never by a
 * running node.
 */
@NullMarked
package io.skerry.bench;

import org.jspecify.annotations.NullMarked;
