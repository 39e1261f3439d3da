@NullMarked
package io.skerry.node.containers;

import org.jspecify.annotations.NullMarked;
