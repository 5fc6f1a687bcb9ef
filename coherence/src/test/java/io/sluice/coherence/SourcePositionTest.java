package io.sluice.coherence;

import static io.sluice.coherence.Positions.A;
import static io.sluice.coherence.Positions.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourcePositionTest {
    @Test
    void readsWhatMySqlPrintsAndPrintsItCanonically() {
        String mysql = B.toUpperCase(Locale.ROOT) + ":3-5:1-2:9,\n" + A + ":1-17:19\r\n";
        assertThat(SourcePosition.parse(mysql)).hasToString(A + ":1-17:19," + B + ":1-5:9");
    }

    @Test
    void toleratesBlanksBetweenElements() {
        assertThat(SourcePosition.parse(" \t" + A + " : 1 - 3 : 7 \n, " + B + ":1 "))
                .hasToString(A + ":1-3:7," + B + ":1");
    }

    @Test
    void mergesServersGivenTwiceAndIntervalsThatTouchOrOverlap() {
        assertThat(SourcePosition.parse(A + ":5-9:1-3:4," + A + ":7-12:14")).hasToString(A + ":1-12:14");
    }

    @Test
    void ordersServersAsTextDoes() {
        // The first half of B is negative as a signed long.
        assertThat(SourcePosition.parse(B + ":1," + A + ":1").toString()).startsWith(A);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void readsBlankTextAsUnknown(String text) {
        assertThat(SourcePosition.parse(text).isUnknown()).isTrue();
    }

    @Test
    void acceptsTheLargestTransactionNumber() {
        String largest = A + ":9223372036854775806";
        assertThat(SourcePosition.parse(largest)).hasToString(largest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                ",",
                A,
                A + ":",
                A + ":0",
                A + ":-1",
                A + ":5-",
                A + ":5-4",
                A + ":1-2-3",
                A + ":1,",
                A + ":1;" + B + ":1",
                A + ":1 2",
                A + ":9223372036854775807",
                A + ":99999999999999999999",
                "3e11fa4771ca11e19e33c80aa9429562:1",
                "3e11fa47-71ca-11e1-9e33-c80aa942956:1",
                "3e11fa47-71ca-11e1-9e33-c80aa942956g:1",
                "\u0663e11fa47-71ca-11e1-9e33-c80aa9429562:1",
                A + ":\u0661",
            })
    void refusesWhatIsNoGtidSetAndQuotesIt(String text) {
        assertThatThrownBy(() -> SourcePosition.parse(text))
                .isInstanceOf(PositionFormatException.class)
                .hasMessageContaining('"' + text + '"');
    }

    @ParameterizedTest
    @ValueSource(strings = {A + ":tag:1-5", A + ":1-5:_tag:1", A + ":1: Tag:3"})
    void refusesTaggedGtidsAndSaysWhatToDo(String text) {
        assertThatThrownBy(() -> SourcePosition.parse(text))
                .hasMessageContaining("tagged GTIDs are not supported")
                .hasMessageContaining("gtid_next");
    }

    @Test
    void refusesTextOverItsLimitAndQuotesOnlyTheBeginning() {
        String longest = A + ":1" + " ".repeat(SourcePosition.MAX_TEXT_LENGTH - A.length() - 2);
        assertThat(SourcePosition.parse(longest)).hasToString(A + ":1");
        assertThatThrownBy(() -> SourcePosition.parse(longest + " "))
                .hasMessageContaining("longer than 65536")
                .satisfies(thrown -> assertThat(thrown.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void unknownCoversNothingAndIsCoveredByNothing() {
        SourcePosition known = Positions.upTo(5);
        assertThat(SourcePosition.UNKNOWN.covers(known)).isFalse();
        assertThat(known.covers(SourcePosition.UNKNOWN)).isFalse();
        assertThat(SourcePosition.UNKNOWN.covers(SourcePosition.UNKNOWN)).isFalse();
    }

    @Test
    void unknownAddsNothingToAUnion() {
        SourcePosition known = Positions.upTo(5);
        assertThat(known.union(SourcePosition.UNKNOWN)).isSameAs(known);
        assertThat(SourcePosition.UNKNOWN.union(known)).isSameAs(known);
        assertThat(SourcePosition.UNKNOWN.union(SourcePosition.UNKNOWN).isUnknown())
                .isTrue();
    }

    @Test
    void unknownHasNothingInCommonAndTakesNothingAway() {
        SourcePosition known = Positions.upTo(5);
        assertThat(known.intersection(SourcePosition.UNKNOWN).isUnknown()).isTrue();
        assertThat(SourcePosition.UNKNOWN.intersection(known).isUnknown()).isTrue();
        assertThat(known.minus(SourcePosition.UNKNOWN)).isEqualTo(known);
        assertThat(SourcePosition.UNKNOWN.minus(known).isUnknown()).isTrue();
        assertThat(known.minus(known).isUnknown()).isTrue();
    }

    @Test
    void unionWithACoveredPositionMakesNoCopy() {
        SourcePosition small = Positions.upTo(5);
        SourcePosition large = Positions.upTo(9);
        assertThat(small.union(large)).isSameAs(large);
        assertThat(large.union(small)).isSameAs(large);
    }

    @Test
    void agreesWithANaiveModelOfSets() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            String leftText = Positions.randomText(random);
            String rightText = Positions.randomText(random);
            SourcePosition left = SourcePosition.parse(leftText);
            SourcePosition right = SourcePosition.parse(rightText);
            Set<String> leftSet = gtids(leftText);
            Set<String> rightSet = gtids(rightText);
            Set<String> both = new HashSet<>(leftSet);
            both.addAll(rightSet);
            Set<String> common = new HashSet<>(leftSet);
            common.retainAll(rightSet);
            Set<String> onlyLeft = new HashSet<>(leftSet);
            onlyLeft.removeAll(rightSet);
            SourcePosition union = left.union(right);

            assertThat(left.covers(right)).as("seed %d", seed).isEqualTo(leftSet.containsAll(rightSet));
            assertThat(left.equals(right)).as("seed %d", seed).isEqualTo(leftSet.equals(rightSet));
            assertThat(gtids(union.toString())).as("seed %d", seed).isEqualTo(both);
            assertThat(gtids(left.intersection(right).toString()))
                    .as("seed %d", seed)
                    .isEqualTo(common);
            assertThat(gtids(left.minus(right).toString())).as("seed %d", seed).isEqualTo(onlyLeft);
            assertThat(left.minus(right).union(left.intersection(right)))
                    .as("seed %d", seed)
                    .isEqualTo(left);
            assertThat(union.covers(left) && union.covers(right))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(union).as("seed %d", seed).isEqualTo(right.union(left)).hasSameHashCodeAs(right.union(left));
            assertThat(SourcePosition.parse(union.toString()))
                    .as("seed %d", seed)
                    .isEqualTo(union);
        }
    }

    @Test
    void anyTextIsEitherReadOrRefusedAsText() {
        List<String> pieces =
                List.of(A, B, ":", "-", ",", "1", "17", "0", " ", "\n", "tag", "_", "x", "\u00e9", "9999999999");
        int read = 0;
        for (int seed = 0; seed < 50_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "" : A + ":1");
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                SourcePosition position = SourcePosition.parse(text.toString());
                assertThat(SourcePosition.parse(position.toString()).equals(position))
                        .isTrue();
                read++;
            } catch (PositionFormatException refused) {
                assertThat(refused).hasMessageContaining("\"");
            }
        }
        assertThat(read).isBetween(1_000, 49_000);
    }

    private static Set<String> gtids(String text) {
        Set<String> gtids = new HashSet<>();
        if (text.isEmpty()) {
            return gtids;
        }
        for (String server : text.split(",", -1)) {
            String uuid = server.substring(0, 36);
            for (String interval : server.substring(37).split(":", -1)) {
                String[] ends = interval.split("-", -1);
                for (int n = Integer.parseInt(ends[0]); n <= Integer.parseInt(ends[ends.length - 1]); n++) {
                    gtids.add(uuid + ":" + n);
                }
            }
        }
        return gtids;
    }
}
