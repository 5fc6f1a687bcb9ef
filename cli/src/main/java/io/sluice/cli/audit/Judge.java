package io.sluice.cli.audit;

import io.sluice.cli.audit.Verdict.Kind;
import io.sluice.coherence.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says whether an answer breaks a promise. Immutable; pure.
 *
 * <p>The promise is not that an answer equals the source: between a commit and its Remove an old one is allowed. So
 * that an answer differs proves nothing:
 *
 * <pre>
 * 1: the node answers with value a, which is right
 *    MySQL: the row changes to b
 * 1: the auditor reads b
 * </pre>
 *
 * Nor does it help to look at the change that was sampled, at position P. An answer may differ because of a later
 * change that is still on its way through Canal and Kafka, to the nodes and to the auditor alike:
 *
 * <pre>
 *    MySQL: the row changes to a at P; the auditor reads of it
 *    MySQL: the row changes to b at Q, a moment ago
 * 1: the node answers a, with a stamp that covers P, which is right
 * 2: the node answers a, loaded after P, with a stamp read before P, which is right as well: stamps are lower bounds
 * 1, 2: the auditor reads b
 * </pre>
 *
 * So everything rests on reads of the source by the auditor itself. An answer with value a is <b>proven old since x</b>
 * when a read x of the source found another value and a was loaded before x began; reads after x found a nowhere. How
 * it is known that a was loaded before x:
 *
 * <ol>
 *   <li>the same holder has answered a before x began, and its load is not younger than that answer. A load that began
 *       before x and read its row after it cannot be meant:
 *       <pre>
 * 1: load begins, waits for a connection
 *    x: the auditor reads b
 *    MySQL: the row changes to a
 * 1: reads a
 *    MySQL: the row changes to b again
 *       </pre>
 *   <li>or its load began more than the longest load before x, by the age that the answer tells. An age is a duration;
 *       no clock crosses machines. Of copies that are kept under lease this says nothing: their age is counted from
 *       when they were asked for, and who was asked may have loaded after that.
 * </ol>
 *
 * From that follow the three violations:
 *
 * <ol>
 *   <li><b>False stamp.</b> The answer is proven old since x, and its stamp covers a position that the auditor read
 *       more than {@link #SETTLED} after x ended. The change away from a was visible at x, so that position has it; so
 *       the stamp names a change that the value does not reflect. (Settled, since a transaction is visible a moment
 *       before it is in {@code gtid_executed}.)
 *   <li><b>False bound.</b> It is proven old for longer than the bound that it claims, by more than {@link #SLACK}.
 *   <li><b>Too old.</b> It is proven old for longer than is allowed.
 * </ol>
 *
 * None of them needs the change that was sampled, so a row that changes again meanwhile can make a judgement
 * impossible, and never wrong. What is not proven is old all the same (STALE) when the source had another value, the
 * same one, before and after the answer; that is what is counted, and asked again. Otherwise the row is moving.
 *
 * <p>Not found: an old value that equals the source's of now. It harms nobody.
 */
final class Judge {
    /**
     * No load takes longer at a node with the usual timeouts ({@code loads.timeout} 3 s, {@code loads.connect-timeout}
     * 1 s), even if each of its steps does: three times a connection, when the first two lead to a server that was
     * demoted (4 s waited for and 4 s asked where it leads, each); two checks of the server, the position, a batch and
     * a single query, after 4 s each of which the socket gives up.
     */
    static final int LONGEST_LOAD_SECONDS = 45;

    static final Duration SETTLED = Duration.ofMillis(200);
    static final Duration SLACK = Duration.ofMillis(500);

    private final Duration allowed;
    private final Duration longestLoad;

    /**
     * One that allows so much.
     *
     * @param longestLoad no load of a node takes longer
     */
    Judge(Duration allowed, Duration longestLoad) {
        this.allowed = allowed;
        this.longestLoad = longestLoad;
    }

    /**
     * Judges an answer.
     *
     * @param reads of the key in the order of time; the last one began after the answer was there
     * @param earlier the first answer of the same holder with the same content, while no other came; null for none
     */
    Verdict judge(List<SourceRead> reads, Held answer, @Nullable Held earlier) {
        SourceRead after = reads.getLast();
        if (answer.content().equals(after.content())) {
            return new Verdict(Kind.CURRENT, 0);
        }
        SourceRead proof = proof(reads, answer, earlier);
        if (proof == null) {
            SourceRead before = lastBefore(reads, answer.askedNanos());
            boolean standing = before != null && before.content().equals(after.content());
            return new Verdict(standing ? Kind.STALE : Kind.MOVING, 0);
        }
        long stale = Math.max(0, answer.askedNanos() - proof.endNanos());
        if (coversSettled(reads, proof, answer.stamp())) {
            return new Verdict(Kind.FALSE_STAMP, stale);
        }
        if (answer.boundMillis().isPresent()
                && stale > TimeUnit.MILLISECONDS.toNanos(answer.boundMillis().getAsLong()) + SLACK.toNanos()) {
            return new Verdict(Kind.FALSE_BOUND, stale);
        }
        return new Verdict(stale >= allowed.toNanos() ? Kind.TOO_OLD : Kind.STALE, stale);
    }

    /** The earliest read since which the answer is proven old; null when there is none. */
    private @Nullable SourceRead proof(List<SourceRead> reads, Held answer, @Nullable Held earlier) {
        // At the latest when it was asked for: what the asking itself had loaded proves nothing.
        long loadedBefore =
                answer.ageIsSure() ? answer.loadBegunNanos() + longestLoad.toNanos() : answer.repliedNanos();
        if (earlier != null && answer.loadBegunNanos() - earlier.repliedNanos() <= 0) {
            loadedBefore = earlier(loadedBefore, earlier.repliedNanos());
        }
        SourceRead proof = null;
        for (int i = reads.size() - 1; i >= 0; i--) {
            SourceRead read = reads.get(i);
            if (read.content().equals(answer.content()) || read.startNanos() - loadedBefore <= 0) {
                break;
            }
            if (read.endNanos() - answer.askedNanos() < 0) {
                proof = read;
            }
        }
        return proof;
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    private static boolean coversSettled(List<SourceRead> reads, SourceRead proof, SourcePosition stamp) {
        for (SourceRead read : reads) {
            boolean settled = read.startNanos() - proof.endNanos() > SETTLED.toNanos();
            if (settled && !read.position().isUnknown() && stamp.covers(read.position())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable SourceRead lastBefore(List<SourceRead> reads, long nanos) {
        SourceRead last = null;
        for (SourceRead read : reads) {
            if (read.endNanos() - nanos < 0) {
                last = read;
            }
        }
        return last;
    }
}
