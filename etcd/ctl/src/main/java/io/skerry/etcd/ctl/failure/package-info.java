/** How a command ends when it did not do its work: a line on standard error and an exit status. */
@NullMarked
package io.skerry.etcd.ctl.failure;

import org.jspecify.annotations.NullMarked;
