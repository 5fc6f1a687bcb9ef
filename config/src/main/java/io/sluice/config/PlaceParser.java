package io.sluice.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.core.SerializableString;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A parser that notes the place of every value by its path, puts in environment variables, and refuses what
 * configuration has no use for: duplicate keys, missing values, anchors and aliases. Single-threaded.
 */
final class PlaceParser extends JsonParserDelegate {
    private final String file;
    private final EnvText env;
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Place> keys = new HashMap<>();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private String text = "";
    private String lastPath = "";

    PlaceParser(YAMLParser yaml, String file, EnvText env) {
        super(yaml);
        this.file = file;
        this.env = env;
    }

    /** An open list or mapping, and how far it has been read. */
    private static final class Frame {
        final String path;
        final boolean list;
        final Set<String> names = new HashSet<>();
        String name = "";
        int index = -1;

        Frame(String path, boolean list) {
            this.path = path;
            this.list = list;
        }

        String current() {
            if (list) {
                return path + "[" + index + "]";
            }
            return path.isEmpty() ? name : path + "." + name;
        }
    }

    Map<String, Place> places() {
        return places;
    }

    /** The places of the keys of mappings, where {@link #places()} has the places of single values. */
    Map<String, Place> keys() {
        return keys;
    }

    /** The path of the value read last. */
    String lastPath() {
        return lastPath;
    }

    @Override
    public @Nullable JsonToken nextToken() {
        JsonToken token = super.nextToken();
        if (token == null) {
            return null;
        }
        if (token == JsonToken.PROPERTY_NAME) {
            name(currentName());
        } else if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT) {
            frames.pop();
        } else {
            value(token);
        }
        return token;
    }

    private void name(String name) {
        Frame frame = frames.getFirst();
        frame.name = name;
        String path = frame.current();
        keys.put(path, here());
        if (!frame.names.add(name)) {
            throw error(path, "the key stands twice in the same place: remove one");
        }
        note(path);
    }

    private void value(JsonToken token) {
        Frame frame = frames.peek();
        String path = "";
        if (frame != null) {
            frame.index++;
            path = frame.current();
        }
        lastPath = path;
        if (token.isScalarValue() || frame == null || frame.list) {
            note(path);
        }
        if (((YAMLParser) delegate).isCurrentAlias() || delegate.getObjectId() != null) {
            throw error(path, "anchors and aliases are not supported: write the value out");
        }
        switch (token) {
            case START_ARRAY -> frames.push(new Frame(path, true));
            case START_OBJECT -> frames.push(new Frame(path, false));
            case VALUE_NULL -> throw error(path, "has no value: write one, or remove the key");
            case VALUE_STRING -> text = replaced(path);
            default -> text = delegate.getString();
        }
    }

    private String replaced(String path) {
        try {
            return env.replace(delegate.getString());
        } catch (IllegalArgumentException e) {
            throw error(path, String.valueOf(e.getMessage()));
        }
    }

    private void note(String path) {
        places.put(path, here());
    }

    private Place here() {
        TokenStreamLocation at = currentTokenLocation();
        return new Place(at.getLineNr(), at.getColumnNr());
    }

    private ConfigException error(String path, String problem) {
        note(path);
        return new ConfigException(file, places.get(path), path, problem);
    }

    @Override
    public @Nullable JsonToken nextValue() {
        JsonToken token = nextToken();
        return token == JsonToken.PROPERTY_NAME ? nextToken() : token;
    }

    @Override
    public @Nullable String nextName() {
        return nextToken() == JsonToken.PROPERTY_NAME ? currentName() : null;
    }

    @Override
    public boolean nextName(SerializableString name) {
        return name.getValue().equals(nextName());
    }

    @Override
    public int nextNameMatch(PropertyNameMatcher matcher) {
        String name = nextName();
        if (name != null) {
            return matcher.matchName(name);
        }
        return hasToken(JsonToken.END_OBJECT)
                ? PropertyNameMatcher.MATCH_END_OBJECT
                : PropertyNameMatcher.MATCH_ODD_TOKEN;
    }

    private boolean atText() {
        return hasToken(JsonToken.VALUE_STRING);
    }

    @Override
    public String getString() {
        return atText() ? text : super.getString();
    }

    @Override
    public char[] getStringCharacters() {
        return getString().toCharArray();
    }

    @Override
    public int getStringLength() {
        return getString().length();
    }

    @Override
    public int getStringOffset() {
        return 0;
    }

    @Override
    public int getString(Writer writer) {
        try {
            writer.write(getString());
            return getStringLength();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable String getValueAsString() {
        return atText() ? text : super.getValueAsString();
    }

    @Override
    public @Nullable String getValueAsString(@Nullable String otherwise) {
        return atText() ? text : super.getValueAsString(otherwise);
    }
}
