/** Tests of the subnet package. */
@NullMarked
package io.skerry.flannel.subnet;

import org.jspecify.annotations.NullMarked;
