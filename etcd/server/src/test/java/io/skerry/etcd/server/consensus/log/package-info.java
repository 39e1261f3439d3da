/** Tests of what a member must not forget. */
@NullMarked
package io.skerry.etcd.server.consensus.log;

import org.jspecify.annotations.NullMarked;
