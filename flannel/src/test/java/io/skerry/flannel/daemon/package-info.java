/** Tests of the daemon package. */
@NullMarked
package io.skerry.flannel.daemon;

import org.jspecify.annotations.NullMarked;
