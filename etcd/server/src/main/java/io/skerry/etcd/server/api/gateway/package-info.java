/**
 * etcd's JSON gateway: each method of the v3 API at a path below {@code /v3}, with its messages as
 * JSON (proto names, 64-bit numbers as strings, bytes in base64, zero values left out). {@link
 * io.skerry.etcd.server.api.gateway.JsonGateway} is what a server wires. It calls the same handlers
 * as gRPC does and knows nothing of what they do.
 */
@NullMarked
package io.skerry.etcd.server.api.gateway;

import org.jspecify.annotations.NullMarked;
