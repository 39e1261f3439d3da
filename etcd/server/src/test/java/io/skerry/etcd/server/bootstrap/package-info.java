/** Tests of how a member finds its cluster. */
@NullMarked
package io.skerry.etcd.server.bootstrap;

import org.jspecify.annotations.NullMarked;
