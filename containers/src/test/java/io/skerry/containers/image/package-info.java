@NullMarked
package io.skerry.containers.image;

import org.jspecify.annotations.NullMarked;
