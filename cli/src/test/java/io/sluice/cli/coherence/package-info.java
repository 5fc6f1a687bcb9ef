/** Tests of what {@code bench coherence} is made of. */
@NullMarked
package io.sluice.cli.coherence;

import org.jspecify.annotations.NullMarked;
