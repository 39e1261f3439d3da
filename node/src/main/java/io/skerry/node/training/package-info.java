/**
 * Training runs for the JVM's start-up cache (JEP 514): the build runs each once and keeps which
 * classes were loaded, so that the real start finds them loaded and linked. Nothing else calls it.
 */
@NullMarked
package io.skerry.node.training;

import org.jspecify.annotations.NullMarked;
