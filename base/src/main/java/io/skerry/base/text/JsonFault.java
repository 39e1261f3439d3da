package io.skerry.base.text;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Tells what is wrong with a text that should be JSON. */
public final class JsonFault {
    private JsonFault() {}

    /** Line and column, and what is wrong there, without what the library says of its sources. */
    public static String of(JsonProcessingException failure) {
        String reason = failure.getOriginalMessage().replaceAll(" ?\\(start marker at .*", "");
        var where = failure.getLocation();
        return where == null
                ? reason
                : "line " + where.getLineNr() + ", column " + where.getColumnNr() + ": " + reason;
    }
}
