/**
 * Removals that are sent a second time, after a delay that their rule asks for. Never here: which removals these are,
 * and how a removal gets to its holders.
 */
@NullMarked
package io.sluice.sync.again;

import org.jspecify.annotations.NullMarked;
