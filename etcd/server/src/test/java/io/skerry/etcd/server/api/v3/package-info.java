/** Tests of the v3 API over a log of one member. */
@NullMarked
package io.skerry.etcd.server.api.v3;

import org.jspecify.annotations.NullMarked;
