/**
 * What a read of a row may answer: which versions were committed when, and how old an answer was. Pure but for the
 * clock that callers read.
 *
 * <p>Never lives here: who writes, who reads, and how.
 */
@NullMarked
package io.sluice.cli.coherence.judge;

import org.jspecify.annotations.NullMarked;
