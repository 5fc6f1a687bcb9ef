package io.sluice.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

final class FaultPictureTest {
    @Test
    void thePictureIsXmlWithBothCurvesAndEveryFailureMarked() throws Exception {
        RequestLog requests = new RequestLog();
        LoadLog loads = new LoadLog();
        for (int millis = 0; millis < 10_000; millis += 100) {
            requests.hit(millis);
            loads.counted(millis, millis / 10);
        }
        requests.failure(3_000);
        requests.failure(3_010);
        requests.failure(7_000);
        Document picture = parsed(FaultPicture.of(new Course(
                "a < b & c",
                requests,
                loads,
                10_000,
                List.of(new Course.Phase("kill -9", 2_000, 8_000, List.of("2 reads fail"))),
                List.of(new Course.Event("kill -9 node-1", 3_000)))));
        assertThat(picture.getElementsByTagName("path").getLength())
                .as("a line and an area for each curve")
                .isEqualTo(4);
        assertThat(picture.getElementsByTagName("circle").getLength())
                .as("two half seconds with failures, and the legend")
                .isEqualTo(3);
        assertThat(picture.getDocumentElement().getTextContent())
                .contains("a < b & c", "kill -9 node-1", "2 reads fail", "3 of 103 reads");
    }

    @Test
    void anEmptyCourseIsDrawnToo() throws Exception {
        Course nothing = new Course("nothing", new RequestLog(), new LoadLog(), 5_000, List.of(), List.of());
        assertThat(parsed(FaultPicture.of(nothing)).getDocumentElement().getTagName())
                .isEqualTo("svg");
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    }
}
