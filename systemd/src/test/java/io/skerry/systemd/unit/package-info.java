/** Tests of the unit file model: tables of cases and seeded random files. */
@NullMarked
package io.skerry.systemd.unit;

import org.jspecify.annotations.NullMarked;
