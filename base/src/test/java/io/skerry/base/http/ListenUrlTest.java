package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenUrlTest {
    @Test
    void readsAndWritesAllKinds() {
        assertThat(ListenUrl.parse("https://127.0.0.1:2379"))
                .isEqualTo(new ListenUrl.Tcp("127.0.0.1", 2379, true))
                .hasToString("https://127.0.0.1:2379");
        assertThat(ListenUrl.parse("http://[::1]:80/"))
                .isEqualTo(new ListenUrl.Tcp("::1", 80, false))
                .hasToString("http://[::1]:80");
        assertThat(ListenUrl.parse("unix:///var/run/fleet.sock"))
                .isEqualTo(new ListenUrl.Unix(Path.of("/var/run/fleet.sock")))
                .hasToString("unix:///var/run/fleet.sock");
    }

    @Test
    void refusesWhatItCannotServeAndSaysWhy() {
        for (String bad :
                List.of(
                        "",
                        "127.0.0.1:2379",
                        "ftp://a:1",
                        "http://a",
                        "http://a:1/path",
                        "http://a:70000",
                        "unix://host/path",
                        "http://a b:1")) {
            assertThatThrownBy(() -> ListenUrl.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".+");
        }
    }

    @Test
    void theMostSpecificRouteWins() {
        HttpHandler handler = call -> HttpReply.empty(204);
        var router =
                new HttpRouter()
                        .route("GET", "/{rest...}", handler)
                        .route("GET", "/units/{name}", handler)
                        .route("GET", "/units/all", handler)
                        .route("PUT", "/units/{name}", handler);
        assertThat(parameters(router, "/units/all")).isEmpty();
        assertThat(parameters(router, "/units/a%2Fb")).isEqualTo(Map.of("name", "a/b"));
        assertThat(parameters(router, "/units/a/b")).isEqualTo(Map.of("rest", "units/a/b"));
        assertThat(parameters(router, "/")).isEqualTo(Map.of("rest", ""));
        assertThat(router.find("DELETE", "/units/a"))
                .isInstanceOfSatisfying(
                        HttpRouter.Match.WrongMethod.class,
                        wrong -> assertThat(wrong.allowed()).containsExactly("GET", "PUT"));
        assertThatThrownBy(() -> router.route("GET", "/units/all", handler))
                .hasMessageContaining("twice");
    }

    private static Map<String, String> parameters(HttpRouter router, String path) {
        return ((HttpRouter.Match.Found) router.find("GET", path)).parameters();
    }
}
