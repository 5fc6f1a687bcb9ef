/**
 * The commands around the rules file: check, explain, init. Lives here: reading files, databases and messages for them,
 * and printing. Never here: what is right in a rules file, which {@code key-mapping} knows.
 */
@NullMarked
package io.sluice.cli.rules;

import org.jspecify.annotations.NullMarked;
