/**
 * The shape of the whole program as tests: which module may know which, where no input, output,
 * clock or randomness may be, and that the tree stays tidy. Runs after everything is compiled.
 */
@NullMarked
package io.skerry.architecture;

import org.jspecify.annotations.NullMarked;
