/** Tests of who is found damaged. */
@NullMarked
package io.skerry.etcd.server.corruption;

import org.jspecify.annotations.NullMarked;
