/** Runs commands of the operating system with a deadline and bounded output. Never uses a shell. */
@NullMarked
package io.skerry.base.process;

import org.jspecify.annotations.NullMarked;
