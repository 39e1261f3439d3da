/**
 * The store beside Debian's etcd: starts members of both on loopback, drives them in turns with the
 * same load, and reports throughput, latency, processor time and memory as ratios. Leaves neither
 * processes nor files behind.
 */
@NullMarked
package io.skerry.bench.store;

import org.jspecify.annotations.NullMarked;
