/** Tests of what commands print. */
@NullMarked
package io.skerry.etcd.ctl.answer;

import org.jspecify.annotations.NullMarked;
