/**
 * The rules of a process as they change while it runs.
 *
 * <p>Lives here: where the text comes from, whether it is taken over, and what an operator sees of that. Never lives
 * here: what the rules mean, and what a process does with new ones.
 */
@NullMarked
package io.sluice.admin.rules;

import org.jspecify.annotations.NullMarked;
