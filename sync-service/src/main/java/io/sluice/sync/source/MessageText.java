package io.sluice.sync.source;

import static java.nio.charset.StandardCharsets.US_ASCII;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The bytes of a message that was found to be sound JSON, and the texts in it. Immutable as long as the bytes are not
 * changed.
 */
final class MessageText {
    /** In the place of a text's start: null. */
    static final int NULL = -1;
    /** In the place of a text's start: the text is known. */
    static final int KNOWN = -2;

    private final JsonFactory json;
    private final byte[] bytes;
    private final boolean plain;

    MessageText(JsonFactory json, byte[] bytes) {
        this.json = json;
        this.bytes = bytes;
        // UTF-8 without a byte order mark, so that the parser's count of bytes is the place in the array.
        this.plain = bytes.length > 1 && bytes[0] == '{' && bytes[1] != 0;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Whether places that the parser tells are places in the array. */
    boolean isPlain() {
        return plain;
    }

    /** The text whose opening quote is at the place. */
    String textAt(int quote) {
        int end = quote + 1;
        while (bytes[end] != '"') {
            if (bytes[end] == '\\' || bytes[end] < 0) {
                return decoded(quote);
            }
            end++;
        }
        return new String(bytes, quote + 1, end - quote - 1, US_ASCII);
    }

    /** Escapes and what is not ASCII are left to the parser, which accepted them before. */
    private String decoded(int quote) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), bytes, quote, bytes.length - quote)) {
            parser.nextToken();
            return parser.getString();
        }
    }
}
