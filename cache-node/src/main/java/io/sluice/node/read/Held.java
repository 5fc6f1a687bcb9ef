package io.sluice.node.read;

import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.Answer;

/**
 * What a node has in memory as a holder of a key. Immutable.
 *
 * @param stamp what the answer claims to reflect
 * @param usableMillis for how long it may be kept elsewhere: until the entry expires, or its group gives it no more
 */
public record Held(Answer answer, SourcePosition stamp, long usableMillis) {}
