@NullMarked
package io.skerry.containers.containerd;

import org.jspecify.annotations.NullMarked;
