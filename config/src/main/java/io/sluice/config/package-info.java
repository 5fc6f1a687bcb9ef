/**
 * Configuration files: YAML text into immutable records, with environment variables, durations, sizes and errors that
 * name file, line, column and path.
 *
 * <p>What never will live here: the configuration of any one process (each process owns its records), defaults that
 * depend on the machine, and reloading.
 */
@NullMarked
package io.sluice.config;

import org.jspecify.annotations.NullMarked;
