/**
 * Loads rows from their source and renders them as values.
 *
 * <p>Lives here: everything of the node that speaks SQL. Never lives here: what is kept, and for how long.
 */
@NullMarked
package io.sluice.node.load;

import org.jspecify.annotations.NullMarked;
