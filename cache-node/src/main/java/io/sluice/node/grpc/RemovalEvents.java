package io.sluice.node.grpc;

/** What becomes of Removes by tag on this node, to be counted. Thread-safe; never blocks. */
@FunctionalInterface
public interface RemovalEvents {
    /** How such a Remove ended. */
    enum TagOutcome {
        /** What carried the tag went, if anything did. */
        REMOVED,
        /** Something that carries it stays, because it covers the position. */
        COVERED,
        /** No key here carries tags of this form, so the whole group went. */
        UNKNOWN_FORM
    }

    /** A Remove by tag was applied. */
    void removedByTag(String group, TagOutcome outcome);
}
