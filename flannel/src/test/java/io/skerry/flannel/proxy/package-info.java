/** Tests of the proxy package. */
@NullMarked
package io.skerry.flannel.proxy;

import org.jspecify.annotations.NullMarked;
