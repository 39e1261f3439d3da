/**
 * The overlay network between virtual hosts, seen by its containers and by who runs it. Drives the
 * built distribution as a user would; needs root.
 */
@NullMarked
package io.skerry.testbed.system.net;

import org.jspecify.annotations.NullMarked;
