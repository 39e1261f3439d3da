/** Tests of the packet package. */
@NullMarked
package io.skerry.flannel.packet;

import org.jspecify.annotations.NullMarked;
