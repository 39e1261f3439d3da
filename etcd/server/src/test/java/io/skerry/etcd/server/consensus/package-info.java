/** Tests of agreement among members, on real disks and sockets. */
@NullMarked
package io.skerry.etcd.server.consensus;

import org.jspecify.annotations.NullMarked;
