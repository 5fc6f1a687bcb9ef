package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.KeyHash;
import io.sluice.coherence.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class BundleBuilderTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "9a1c2b84-0c55-11ef-8d1a-0242ac120003";

    private final BundleBuilder builder = new BundleBuilder();

    @Test
    void aKeyOfManyChangesIsThereOnceAtTheLastPosition() {
        for (int i = 1; i <= 500; i++) {
            builder.add(Removal.ofKey("g", "hot", A + ":1-" + i));
        }
        assertThat(texts(builder.build())).containsExactly("g/hot@" + A + ":1-500");
    }

    @Test
    void anOldChangeThatComesAgainAddsNothing() {
        builder.add(Removal.ofKey("g", "k", A + ":1-9"));
        builder.add(Removal.ofKey("g", "k", A + ":1-3"));
        assertThat(texts(builder.build())).containsExactly("g/k@" + A + ":1-9");
    }

    @Test
    void positionsThatCannotBeComparedAreBothThere() {
        builder.add(Removal.ofKey("g", "k", A + ":1-9"));
        builder.add(Removal.ofKey("g", "k", B + ":1-9"));
        builder.add(Removal.ofKey("g", "k", ""));
        builder.add(Removal.ofKey("g", "k", "no position"));
        assertThat(texts(builder.build()))
                .containsExactlyInAnyOrder("g/k@" + A + ":1-9", "g/k@" + B + ":1-9", "g/k@", "g/k@no position");
    }

    @Test
    void equalTextsOfDifferentGroupsAndScopesAreDifferent() {
        builder.add(Removal.ofKey("g", "", ""));
        builder.add(Removal.ofGroup("g", ""));
        builder.add(Removal.ofKey("h", "", ""));
        assertThat(builder.build().size()).isEqualTo(3);
    }

    @Test
    void aKeyHasTheHashByWhichTheRingPlacesIt() {
        builder.add(Removal.ofKey("g", "schlüssel", ""));
        assertThat(builder.build().hash(0)).isEqualTo(KeyHash.of("g", "schlüssel"));
    }

    @Test
    void itCanBeUsedAgain() {
        builder.add(Removal.ofKey("g", "a", A + ":1"));
        builder.build();
        assertThat(builder.isEmpty()).isTrue();
        builder.add(Removal.ofKey("h", "a", B + ":1"));
        builder.add(Removal.ofKey("g", "a", B + ":1"));
        assertThat(texts(builder.build())).containsExactly("h/a@" + B + ":1", "g/a@" + B + ":1");
    }

    @Test
    void itIsFullBeforeItsTableIs() {
        int added = 0;
        while (!builder.isFull()) {
            builder.add(Removal.ofKey("g", "k" + added++, ""));
        }
        assertThat(builder.build().size()).isEqualTo(BundleBuilder.MAX_REMOVALS);
    }

    @RepeatedTest(30)
    void everythingThatIsAddedIsCovered(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Removal> added = new ArrayList<>();
        while (!builder.isFull() && added.size() < 2_000) {
            Removal removal = random(random);
            builder.add(removal);
            added.add(removal);
        }
        RemovalBundle bundle = builder.build();
        RemovalBundle coarser = bundle.coarser();
        for (Removal removal : added) {
            assertThat(IntStream.range(0, bundle.size()))
                    .as(removal.toString())
                    .anyMatch(i -> bundle.kind(i).is(removal.group(), removal.scope())
                            && bundle.key(i).equals(removal.key())
                            && covers(bundle.position(i).text(), removal.position()));
            assertThat(IntStream.range(0, coarser.size()))
                    .as("its group")
                    .anyMatch(i -> coarser.kind(i).group().equals(removal.group())
                            && !coarser.kind(i).isKey()
                            && covers(coarser.position(i).text(), removal.position()));
        }
        assertThat(coarser.size()).isLessThanOrEqualTo(6);
    }

    private static Removal random(Random random) {
        String group = "g" + random.nextInt(3);
        String position =
                random.nextInt(20) == 0 ? "" : (random.nextBoolean() ? A : B) + ":1-" + (1 + random.nextInt(1_000));
        return random.nextInt(10) == 0
                ? Removal.ofGroup(group, position)
                : Removal.ofKey(group, "k" + random.nextInt(200), position);
    }

    /** A removal without a position takes entries whatever their stamp, but says nothing of loads that come late. */
    private static boolean covers(String bundled, String asked) {
        return bundled.equals(asked) || SourcePosition.parse(bundled).covers(SourcePosition.parse(asked));
    }

    static List<String> texts(RemovalBundle bundle) {
        return IntStream.range(0, bundle.size())
                .mapToObj(i -> bundle.kind(i).group() + "/" + bundle.key(i) + "@"
                        + bundle.position(i).text())
                .toList();
    }
}
