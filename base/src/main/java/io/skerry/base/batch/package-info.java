/**
 * Cuts what is to be sent into parts that the far side takes. For whoever sends many things with
 * few requests; sends nothing itself.
 */
@NullMarked
package io.skerry.base.batch;

import org.jspecify.annotations.NullMarked;
