package io.skerry.base.http;

import java.util.Map;

/**
 * What a request begins with, whichever version of HTTP it came by.
 *
 * @param target path and query as they were sent
 * @param headers by lower-case name; several of one name are joined by commas
 */
record HttpHead(String method, String target, Map<String, String> headers) {
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
