package io.sluice.sync.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.sync.dispatch.Removal;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MappedRecordTest {
    private static final String POSITION = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5";

    @Test
    void outcomeTellsRecordsWithoutPositionFromTheOthers() {
        Removal sound = Removal.ofKey("student", "1", POSITION);
        Removal bare = Removal.ofKey("student", "2", "");

        assertThat(new MappedRecord(List.of(), null).outcome()).isEqualTo("ignored");
        assertThat(new MappedRecord(List.of(sound), null).outcome()).isEqualTo("mapped");
        assertThat(new MappedRecord(List.of(sound, bare), null).outcome()).isEqualTo("without_position");
        assertThat(new MappedRecord(List.of(bare), new Problem(Problem.BAD_POSITION, "x")).outcome())
                .isEqualTo("bad_position");
    }

    @Test
    void recordThatRemovesNothingLacksNoPosition() {
        assertThat(new MappedRecord(List.of(), null).lacksPosition()).isFalse();
    }
}
