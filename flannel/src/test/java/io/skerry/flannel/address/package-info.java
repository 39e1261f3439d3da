/** Tests of addresses. */
@NullMarked
package io.skerry.flannel.address;

import org.jspecify.annotations.NullMarked;
