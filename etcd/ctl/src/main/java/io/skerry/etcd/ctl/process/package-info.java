/** Programs of the user's that a command runs. */
@NullMarked
package io.skerry.etcd.ctl.process;

import org.jspecify.annotations.NullMarked;
