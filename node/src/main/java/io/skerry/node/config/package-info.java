/**
 * What a host is to be: {@code /etc/skerry/node.yaml} as records. Reading is strict: a key nobody
 * knows, a value of the wrong kind or a host name nobody has is an error with its line and what is
 * allowed, because a setting that is silently ignored costs a night. Starts and contacts nothing.
 */
@NullMarked
package io.skerry.node.config;

import org.jspecify.annotations.NullMarked;
