/** Tests of the virtual hosts; those that boot hosts need root and are skipped without. */
@NullMarked
package io.skerry.testbed.hosts;

import org.jspecify.annotations.NullMarked;
