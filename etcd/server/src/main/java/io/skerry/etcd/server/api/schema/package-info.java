/**
 * The messages and services that are served, as protobuf descriptors: for what has to know a
 * message without its class (the JSON gateway, reflection). The published classes lack what etcd
 * added since; {@link io.skerry.etcd.server.api.schema.EtcdSchema} adds it. Nothing here is loaded
 * before somebody asks for it.
 */
@NullMarked
package io.skerry.etcd.server.api.schema;

import org.jspecify.annotations.NullMarked;
