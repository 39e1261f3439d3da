package io.skerry.fleet.api.schema;

/** A unit that is moved, or would be, for machines to be equally full; by machine ids. */
public record UnitMove(String unit, String from, String to) {}
