package io.skerry.etcd.server.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A registry in the keys of a store's API of version 2. */
final class HttpRegistry implements Registry {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final String token;
    private final String url;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
    private final ObjectMapper json = new ObjectMapper();

    HttpRegistry(URI url) {
        this.token = url.toString();
        this.url = token.endsWith("/") ? token.substring(0, token.length() - 1) : token;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public int size() throws IOException, InterruptedException {
        HttpResponse<String> response = send(get(url + "/_config/size"));
        if (response.statusCode() == NOT_FOUND) {
            throw new IOException(
                    "discovery: size key not found at "
                            + url
                            + "/_config/size; create it with the number of members");
        }
        return Registry.parseSize(node(response).path("value").asText());
    }

    @Override
    public void register(Entry entry) throws IOException, InterruptedException {
        String form = "value=" + URLEncoder.encode(entry.urls(), StandardCharsets.UTF_8);
        HttpResponse<String> response =
                send(
                        HttpRequest.newBuilder(
                                        URI.create(url + "/" + entry.id() + "?prevExist=false"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .PUT(HttpRequest.BodyPublishers.ofString(form))
                                .timeout(TIMEOUT)
                                .build());
        if (response.statusCode() != PRECONDITION_FAILED) {
            var _ = node(response);
        }
    }

    @Override
    public List<Entry> entries() throws IOException, InterruptedException {
        var nodes = new ArrayList<JsonNode>();
        node(send(get(url))).path("nodes").forEach(nodes::add);
        return nodes.stream()
                .filter(node -> !name(node).startsWith("_"))
                .sorted(Comparator.comparingLong(node -> node.path("createdIndex").asLong()))
                .map(node -> new Entry(name(node), node.path("value").asText()))
                .toList();
    }

    private static String name(JsonNode node) {
        String key = node.path("key").asText();
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<String> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AwayException(request.uri() + " cannot be asked: " + e.getMessage(), e);
        }
        if (response.statusCode() >= 500) {
            throw new AwayException(
                    request.uri() + " answers " + response.statusCode(),
                    new IOException(response.body()));
        }
        return response;
    }

    private JsonNode node(HttpResponse<String> response) throws IOException {
        if (response.statusCode() >= 300) {
            throw new IOException(
                    "discovery: "
                            + response.uri()
                            + " answers "
                            + response.statusCode()
                            + ": "
                            + response.body().strip());
        }
        return json.readTree(response.body()).path("node");
    }

    @Override
    public void close() {
        client.close();
    }
}
