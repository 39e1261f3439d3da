/** Tests of what command lines are read with, without a store. */
@NullMarked
package io.skerry.etcd.ctl.command;

import org.jspecify.annotations.NullMarked;
