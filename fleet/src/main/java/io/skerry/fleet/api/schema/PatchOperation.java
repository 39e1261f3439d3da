package io.skerry.fleet.api.schema;

/** One operation of a JSON patch, RFC 6902, with a text for its value. */
public record PatchOperation(String op, String path, String value) {}
