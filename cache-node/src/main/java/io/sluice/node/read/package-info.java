/**
 * The read path: memory, flights, and who is asked when memory does not have it.
 *
 * <p>Lives here: the order in which an answer is looked for. Never lives here: wire formats and SQL.
 */
@NullMarked
package io.sluice.node.read;

import org.jspecify.annotations.NullMarked;
