package io.sluice.admin;

import java.util.Optional;

/** Whether a process may be sent work. Called from the admin threads; must not block. */
@FunctionalInterface
public interface Readiness {
    /** Why the process is not ready, in words for an operator; empty when it is ready. */
    Optional<String> reasonNotReady();
}
