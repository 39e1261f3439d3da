/** Tests of the plan package. */
@NullMarked
package io.skerry.flannel.plan;

import org.jspecify.annotations.NullMarked;
