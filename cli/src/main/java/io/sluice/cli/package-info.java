/**
 * The command line: one class for each command of {@code ./sluice}.
 *
 * <p>Lives here: arguments in, text and exit status out. Never lives here: what a command is about.
 */
@NullMarked
package io.sluice.cli;

import org.jspecify.annotations.NullMarked;
