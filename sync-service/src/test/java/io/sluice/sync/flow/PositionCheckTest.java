package io.sluice.sync.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PositionCheckTest {
    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final List<String> PARTS =
            List.of(SERVER, "-", ":", ",", " ", "0", "1", "17", "9", "99", "999999999999999999", "a", "\n");
    private static final int RUNS = 200_000;

    private static boolean parses(String position) {
        try {
            SourcePosition.parse(position);
            return true;
        } catch (PositionFormatException e) {
            return false;
        }
    }

    @Test
    void whatItSaysIsWhatTheParserSaysWhateverCameBefore() {
        PositionCheck check = new PositionCheck();
        Random random = new Random(5);
        String position = SERVER + ":1-17";
        int sound = 0;
        for (int i = 0; i < RUNS; i++) {
            boolean said = check.isSound(position);
            assertThat(said).as(position).isEqualTo(parses(position));
            sound += said ? 1 : 0;
            position = said ? changed(position, random) : SERVER + ":1-" + (1 + random.nextInt(2_000));
        }
        assertThat(sound).isGreaterThan(RUNS / 2).isLessThan(RUNS - RUNS / 20);
    }

    /** Mostly another number at the end. */
    private static String changed(String position, Random random) {
        String start = position.replaceFirst("\\d+$", "");
        return switch (random.nextInt(5)) {
            case 0 -> position + PARTS.get(random.nextInt(PARTS.size()));
            case 1 -> start + PARTS.get(random.nextInt(PARTS.size()));
            default -> start + random.nextInt(1_000);
        };
    }

    @Test
    void aTextThatGrowsOverTheLimitIsNotSound() {
        String longest = SERVER + ":1-9";
        longest = " ".repeat(SourcePosition.MAX_TEXT_LENGTH - longest.length()) + longest;
        PositionCheck check = new PositionCheck();
        assertThat(check.isSound(longest)).isTrue();
        assertThat(check.isSound(longest.replaceFirst("9$", "10"))).isFalse();
    }
}
