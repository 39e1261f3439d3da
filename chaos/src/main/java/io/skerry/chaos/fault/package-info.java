/**
 * What is done to members while clients use them: kinds of faults, a plan of them that a seed
 * repeats, and who carries it out.
 */
@NullMarked
package io.skerry.chaos.fault;

import org.jspecify.annotations.NullMarked;
