/**
 * Clients that use a store in the ways whose promises are checked, each on a thread of its own with
 * chance from a seed, and write down what they did.
 */
@NullMarked
package io.skerry.chaos.workload;

import org.jspecify.annotations.NullMarked;
