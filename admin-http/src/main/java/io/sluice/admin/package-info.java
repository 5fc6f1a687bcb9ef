/**
 * The HTTP side of a process: {@code /metrics}, {@code /healthz} and {@code /readyz}.
 *
 * <p>Lives here: serving what a process measures and whether it is ready. Never lives here: what is measured, or the
 * rule of readiness; both come from the process.
 */
@NullMarked
package io.sluice.admin;

import org.jspecify.annotations.NullMarked;
