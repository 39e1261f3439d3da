package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitName;
import org.jspecify.annotations.Nullable;

/**
 * That a unit goes on with its former file for now, since others get theirs before it.
 *
 * @param waitsFor the unit whose turn it is; null: its own turn is about to come
 * @param failed whether that one has failed with its new file, so that nobody's turn comes
 */
public record FormerFile(@Nullable UnitName waitsFor, boolean failed) {}
