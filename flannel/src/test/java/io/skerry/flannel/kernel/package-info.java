/** Tests of the kernel package. */
@NullMarked
package io.skerry.flannel.kernel;

import org.jspecify.annotations.NullMarked;
