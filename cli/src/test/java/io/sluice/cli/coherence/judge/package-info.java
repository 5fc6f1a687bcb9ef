/** Tests of what {@code bench coherence} is made of. */
@NullMarked
package io.sluice.cli.coherence.judge;

import org.jspecify.annotations.NullMarked;
