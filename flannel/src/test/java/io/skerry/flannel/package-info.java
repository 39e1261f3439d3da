/** What the tests of this module share: stores, network namespaces, seeds. */
@NullMarked
package io.skerry.flannel;

import org.jspecify.annotations.NullMarked;
