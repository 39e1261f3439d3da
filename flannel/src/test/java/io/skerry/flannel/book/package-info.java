/** Tests of what the store says of policies and hosts. */
@NullMarked
package io.skerry.flannel.book;

import org.jspecify.annotations.NullMarked;
