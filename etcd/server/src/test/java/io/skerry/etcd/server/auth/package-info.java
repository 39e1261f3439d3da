/** Tests of users, roles and rights. */
@NullMarked
package io.skerry.etcd.server.auth;

import org.jspecify.annotations.NullMarked;
