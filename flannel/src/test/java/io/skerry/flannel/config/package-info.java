/** Tests of the config package. */
@NullMarked
package io.skerry.flannel.config;

import org.jspecify.annotations.NullMarked;
