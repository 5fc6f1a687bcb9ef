package io.sluice.mapping;

/** What a loaded value is made of. */
public enum ValueForm {
    /** The row as a JSON object, several rows as an array of them. */
    JSON,
    /** The bytes of the one column that is not of the key. */
    RAW,
    /** The row as a {@code google.protobuf.Struct}, several rows as a {@code ListValue} of them. */
    STRUCT
}
