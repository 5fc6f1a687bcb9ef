package io.sluice.devstack.canal;

import com.alibaba.fastjson2.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of objects that is also a file, one JSON object a line, only ever appended to. A last line that a crash cut
 * short is ignored. Safe for concurrent use.
 */
final class JsonLines<T> {
    private final Path file;
    private final List<T> all = new ArrayList<>();

    JsonLines(Path file, Class<T> type) {
        this.file = file;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String text = Files.exists(file) ? Files.readString(file) : "";
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            whole.lines().map(line -> JSON.parseObject(line, type)).forEach(all::add);
            Files.writeString(file, whole);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read Canal's table history " + file, e);
        }
    }

    synchronized void append(T object) {
        byte[] line = (JSON.toJSONString(object) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write Canal's table history " + file, e);
        }
        all.add(object);
    }

    synchronized List<T> all() {
        return List.copyOf(all);
    }
}
