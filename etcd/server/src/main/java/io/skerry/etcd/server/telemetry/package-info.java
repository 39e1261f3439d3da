/**
 * What a member tells of its work in logs and metrics: calls under the names of etcd's gRPC
 * metrics, and requests that took too long.
 *
 * <p>{@code EtcdServer} wires it between listeners, API and store. It decides nothing, and never
 * writes a value, a password or a token.
 */
@NullMarked
package io.skerry.etcd.server.telemetry;

import org.jspecify.annotations.NullMarked;
