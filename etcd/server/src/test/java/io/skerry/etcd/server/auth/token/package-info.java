/** Tests of tokens. */
@NullMarked
package io.skerry.etcd.server.auth.token;

import org.jspecify.annotations.NullMarked;
