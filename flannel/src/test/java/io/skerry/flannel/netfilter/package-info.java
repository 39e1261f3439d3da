/** Tests of the netfilter package. */
@NullMarked
package io.skerry.flannel.netfilter;

import org.jspecify.annotations.NullMarked;
