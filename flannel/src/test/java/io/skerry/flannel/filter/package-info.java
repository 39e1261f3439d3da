/** Tests of the filter package. */
@NullMarked
package io.skerry.flannel.filter;

import org.jspecify.annotations.NullMarked;
