/**
 * What code implements that loads values from elsewhere than MySQL, to run inside a node.
 *
 * <p>Depends on nothing, so that a jar with a loader does not either. Never lives here: anything of the node.
 */
@NullMarked
package io.sluice.loader;

import org.jspecify.annotations.NullMarked;
