@NullMarked
package io.skerry.containers.remote;

import org.jspecify.annotations.NullMarked;
