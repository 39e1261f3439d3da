/**
 * A cluster on virtual hosts as its user meets it: how long until it is up, how large it is when
 * idle, how long a unit takes to start and a dead host's units to run elsewhere, and whether
 * anything moves that should not. Drives the launcher and fleet's API from outside; leaves no
 * playground behind.
 */
@NullMarked
package io.skerry.bench.slice;

import org.jspecify.annotations.NullMarked;
