/** Tests of what a member tells of its work. */
@NullMarked
package io.skerry.etcd.server.telemetry;

import org.jspecify.annotations.NullMarked;
