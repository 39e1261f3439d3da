/** Tests of {@code io.skerry.base.pki}. */
@NullMarked
package io.skerry.base.pki;

import org.jspecify.annotations.NullMarked;
