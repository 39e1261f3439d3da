/**
 * Logging: one event a line, key=value, on standard error. What libraries log through SLF4J or
 * java.util.logging comes out the same way, warnings and above.
 */
@NullMarked
package io.skerry.base.log;

import org.jspecify.annotations.NullMarked;
