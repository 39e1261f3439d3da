/** Tests of the command line, its parts and whole commands against a served API. */
@NullMarked
package io.skerry.fleet.ctl;

import org.jspecify.annotations.NullMarked;
