/**
 * The sync service as a process: configuration, composition root, command line. Never here: what the parts do; they
 * live in the packages below.
 */
@NullMarked
package io.sluice.sync;

import org.jspecify.annotations.NullMarked;
