package io.sluice.node.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.loader.LoadedValue;
import io.sluice.loader.ValueLoader;
import io.sluice.loader.ValueLoaderProvider;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers with the key, and otherwise as the city says. */
public class EchoProvider implements ValueLoaderProvider {
    static final AtomicInteger CLOSED = new AtomicInteger();

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public ValueLoader open(String group, Map<String, String> settings) {
        String greeting = settings.getOrDefault("greeting", "");
        if (greeting.isEmpty()) {
            throw new IllegalArgumentException("settings.greeting is empty: say something");
        }
        return new Echo(greeting);
    }

    private record Echo(String greeting) implements ValueLoader {
        @Override
        public LoadedValue load(Map<String, String> key) throws Exception {
            LoadedValue value =
                    LoadedValue.found((greeting + " " + key.get("city") + " " + key.get("day")).getBytes(UTF_8));
            return switch (String.valueOf(key.get("city"))) {
                case "missing" -> LoadedValue.missing();
                case "loose" -> value.notKept();
                case "positioned" -> value.asOf("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-7");
                case "misplaced" -> value.asOf("nowhere");
                case "large" -> LoadedValue.found(new byte[101]);
                case "fails" -> throw new IOException("city fails");
                case "null" -> nothing();
                case "slow" -> {
                    new CountDownLatch(1).await();
                    yield value;
                }
                default -> value;
            };
        }

        @SuppressWarnings("NullAway")
        private static LoadedValue nothing() {
            return null;
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }
}
