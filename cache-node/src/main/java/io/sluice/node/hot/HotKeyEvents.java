package io.sluice.node.hot;

/** What becomes of hot keys, to be counted. Thread-safe; never blocks. */
public interface HotKeyEvents {
    /** A read of a hot key went to another node. */
    void hotForwarded(String group);

    /** A read was answered with a copy. */
    void hotServed(String group);
}
