/** One run: members, clients and faults together, then the checks and what is told of them. */
@NullMarked
package io.skerry.chaos.run;

import org.jspecify.annotations.NullMarked;
