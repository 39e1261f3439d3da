/** Tests of the client against Debian's etcd, killed, stopped and restarted, and in-process. */
@NullMarked
package io.skerry.etcd.client;

import org.jspecify.annotations.NullMarked;
