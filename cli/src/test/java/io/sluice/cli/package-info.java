/** Tests of what commands print. */
@NullMarked
package io.sluice.cli;

import org.jspecify.annotations.NullMarked;
