/**
 * The cluster's own certificate authority: creates it, loads it, and issues certificates for
 * servers, peers and clients as PEM files. Private keys are never readable by others and never
 * logged.
 */
@NullMarked
package io.skerry.base.pki;

import org.jspecify.annotations.NullMarked;
