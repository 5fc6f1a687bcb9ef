package io.sluice.node.record;

import java.util.Locale;

/** What can happen to a key on a node; {@code position} is what a {@link FlightRecorder} notes with it. */
public enum KeyEvent {
    /** Loaded from the source; position: the stamp. */
    LOAD,
    /** Came from another node as a copy; position: its stamp. What became of it follows. */
    COPY,
    /** A previous holder had it in memory; position: its stamp. What became of it follows. */
    PEEK,
    /** Stored; position: the stamp. */
    ADMIT,
    /** Not stored: the fence or the ring did not admit it; position: the stamp. */
    REFUSE,
    /** Not stored: what is held is fresher; position: the stamp of what was offered. */
    SUPERSEDE,
    /** Not stored, being too large; position: the stamp. */
    OVERSIZE,
    /** A Remove: nothing older is held; position: that of the change. */
    REMOVE,
    /** A Remove that what is held covers, so it stayed; position: that of the change. */
    COVER,
    /** Its time to live was over; position: the stamp. */
    EXPIRE,
    /** Made room for others; position: the stamp. */
    EVICT,
    /** Went because the node may not hold it any more, or goes by another definition; position: the stamp, if one. */
    DROP,
    /** The group demands more of what is stored from now on, as after a ring change; position: what it demands. */
    FLOOR;

    /** As the wire has it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
