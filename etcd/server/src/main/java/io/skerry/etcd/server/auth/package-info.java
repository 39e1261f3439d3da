/**
 * Who may do what: users, roles and permissions on keys as etcd has them, decided by pure functions
 * on an immutable {@link io.skerry.etcd.server.auth.AuthState}; where that state is stored; how a
 * call's credentials become a {@link io.skerry.etcd.server.auth.Caller}.
 *
 * <p>The state machine ({@code store}) changes the state by commands of the log and checks every
 * command when it applies it; the APIs resolve callers and check reads. Passwords are hashed before
 * they reach anything here that is stored or logged.
 */
@NullMarked
package io.skerry.etcd.server.auth;

import org.jspecify.annotations.NullMarked;
