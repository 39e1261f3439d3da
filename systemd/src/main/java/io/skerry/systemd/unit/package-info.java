/**
 * Unit files and unit names as values: parsed by systemd's own rules, every fault reported with its
 * line, serialized canonically so that equal content has an equal hash. Called by fleet's model,
 * API and command line. Pure: reads no file, asks no manager, and does not judge the meaning of
 * options (that is systemd's business).
 */
@NullMarked
package io.skerry.systemd.unit;

import org.jspecify.annotations.NullMarked;
