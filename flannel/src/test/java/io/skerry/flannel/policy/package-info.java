/** Tests of the policy package. */
@NullMarked
package io.skerry.flannel.policy;

import org.jspecify.annotations.NullMarked;
