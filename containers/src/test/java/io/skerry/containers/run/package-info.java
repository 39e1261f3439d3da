@NullMarked
package io.skerry.containers.run;

import org.jspecify.annotations.NullMarked;
