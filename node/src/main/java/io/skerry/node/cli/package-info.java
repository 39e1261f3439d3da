/**
 * The command line: {@link io.skerry.node.cli.Main} finds the command that is asked for, loads only
 * that one, runs it and turns whatever goes wrong into one line and an exit status. What a command
 * does lies with its system; nothing here knows more of a system than the name of its command
 * class.
 */
@NullMarked
package io.skerry.node.cli;

import org.jspecify.annotations.NullMarked;
