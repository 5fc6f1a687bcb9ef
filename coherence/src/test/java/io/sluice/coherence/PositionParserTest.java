package io.sluice.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class PositionParserTest {
    private final PositionParser parser = new PositionParser();

    @Test
    void sharesThePositionOfTextThatComesAgain() {
        SourcePosition first = parser.parse(Positions.A + ":1-5");
        assertThat(parser.parse(Positions.A + ":1-5")).isSameAs(first);
        assertThat(parser.parse(Positions.A + ":1-3:4-5\n")).isSameAs(first);
    }

    @Test
    void neverAnswersWithAnotherTextsPosition() {
        parser.parse(Positions.A + ":1-5");
        assertThat(parser.parse(Positions.A + ":1-6")).isEqualTo(Positions.upTo(6));
        assertThat(parser.parse("").isUnknown()).isTrue();
        assertThat(parser.parse(Positions.A + ":1-5")).isEqualTo(Positions.upTo(5));
    }

    @Test
    void refusesBadTextEveryTimeAndKeepsTheLastGoodOne() {
        SourcePosition good = parser.parse(Positions.A + ":1-5");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> parser.parse("bad")).isInstanceOf(PositionFormatException.class);
        }
        assertThat(parser.parse(Positions.A + ":1-5")).isSameAs(good);
    }
}
