/** Tests of the subnet package. */
@NullMarked
package io.skerry.flannel.etcdv2;

import org.jspecify.annotations.NullMarked;
