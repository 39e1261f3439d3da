/** Virtual hosts: real systemd in namespaces of this machine. */
@NullMarked
package io.skerry.testbed.hosts;

import org.jspecify.annotations.NullMarked;
