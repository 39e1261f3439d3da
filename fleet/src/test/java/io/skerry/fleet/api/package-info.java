/**
 * Tests of the API over a real listener and a registry in memory; transcripts are reviewed as text.
 */
@NullMarked
package io.skerry.fleet.api;

import org.jspecify.annotations.NullMarked;
