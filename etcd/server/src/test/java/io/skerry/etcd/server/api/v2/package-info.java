/** Tests of the parts of the v2 API that need no server. */
@NullMarked
package io.skerry.etcd.server.api.v2;

import org.jspecify.annotations.NullMarked;
