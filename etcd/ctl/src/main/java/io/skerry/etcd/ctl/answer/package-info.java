/** What the store answered, in the words of etcdctl: one answer for each kind of response. */
@NullMarked
package io.skerry.etcd.ctl.answer;

import org.jspecify.annotations.NullMarked;
