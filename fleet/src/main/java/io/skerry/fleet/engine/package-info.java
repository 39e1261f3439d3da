/**
 * Decides where units run. {@link io.skerry.fleet.engine.Scheduler} is a pure function of a
 * cluster's view; {@link io.skerry.fleet.engine.EngineCore} keeps that view by the store's changes,
 * knows when a machine may be given up, and turns decisions into transactions that hold only if
 * nothing they rest on has changed. Only {@link io.skerry.fleet.engine.Engine} has threads and a
 * clock. Never talks to machines; agents learn what to do from the store.
 */
@NullMarked
package io.skerry.fleet.engine;

import org.jspecify.annotations.NullMarked;
