package io.sluice.node.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.loader.LoadedValue;
import io.sluice.loader.ValueLoader;
import io.sluice.loader.ValueLoaderProvider;
import java.util.Map;

/** What a test puts into a jar, under a name of the same length that the class path does not have. */
public final class JarredProvider implements ValueLoaderProvider {
    @Override
    public String name() {
        return "jarred";
    }

    @Override
    public ValueLoader open(String group, Map<String, String> settings) {
        return key -> LoadedValue.found(getClass().getName().getBytes(UTF_8));
    }
}
