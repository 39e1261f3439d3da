/** The commands, one class each. They check their words before they ask the store anything. */
@NullMarked
package io.skerry.etcd.ctl.command;

import org.jspecify.annotations.NullMarked;
