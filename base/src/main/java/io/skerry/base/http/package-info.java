/**
 * Listeners that serve HTTP/1.1, WebSockets, HTTP/2 and gRPC on one port over TCP, TLS or a Unix
 * socket, and the small blocking client of the command line. Handlers are blocking code on virtual
 * threads; event loops only move bytes. Knows no routes of its own.
 */
@NullMarked
package io.skerry.base.http;

import org.jspecify.annotations.NullMarked;
