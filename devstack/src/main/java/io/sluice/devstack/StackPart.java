package io.sluice.devstack;

import java.nio.file.Path;

/**
 * One running server of the stack, as a fault test sees it. Every method returns when what it says is so: after
 * {@link #restart} the server answers again, after {@link #kill} its process is gone. Safe for concurrent use; calls on
 * one part run one after the other.
 */
public sealed interface StackPart permits ServerPart, KafkaServer {
    /** Which server this is. */
    Part part();

    /** The operating system's id of the server's process: the last one, when it is not running. */
    long pid();

    /** Whether the process exists; a paused one does. */
    boolean isAlive();

    /** Ends the process as an operator would, by SIGTERM; by SIGKILL if it has not ended in time. */
    void stop();

    /** Ends the process at once, as {@code kill -9} does. */
    void kill();

    /** Freezes the process (SIGSTOP): connections stay open, nothing answers. */
    void pause();

    /** Lets a frozen process go on (SIGCONT). */
    void resume();

    /**
     * Starts the process again on the same ports and data, stopping it first if it runs, and waits until it answers.
     */
    void restart();

    /** What the server has written to its standard output and error, over all its restarts. */
    Path logFile();
}
