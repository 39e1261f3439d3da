package io.skerry.fleet.store;

import io.skerry.fleet.model.UnitRequirements;

/**
 * The value of {@code job/U/object}: which file the unit has, and what it asks of its place, so
 * that an engine needs no unit files.
 */
public record JobObject(String hash, UnitRequirements requirements) {}
