package io.skerry.fleet.store;

import io.skerry.fleet.model.UnitRequirements;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code job/U/object}: which file the unit has, and what it asks of its place, so
 * that an engine needs no unit files.
 *
 * @param rollout with whom it got, or gets, that file in turn; null for nobody
 */
public record JobObject(String hash, UnitRequirements requirements, @Nullable Rollout rollout) {}
