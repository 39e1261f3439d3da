package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StructuredTest {
    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void jsonIsIndented() {
        assertThat(Structured.json(bytes("{\"machines\":[{\"id\":\"1\"}]}")))
                .isEqualTo(
                        """
                        {
                          "machines" : [
                            {
                              "id" : "1"
                            }
                          ]
                        }
                        """);
    }

    @Test
    void yamlHasTheSameContent() {
        var json =
                """
                {"units":[{"name":"a.service","options":[{"name":"X","value":"say \\"hi\\"\\n"}]},
                {"metadata":{"os.name":"linux"},"none":[],"empty":{}}],"n":3,"on":true}
                """;

        assertThat(Structured.yaml(bytes(json)))
                .isEqualTo(
                        """
                        units:
                        - name: "a.service"
                          options:
                          - name: "X"
                            value: "say \\"hi\\"\\n"
                        - metadata:
                            "os.name": "linux"
                          none: []
                          empty: {}
                        n: 3
                        on: true
                        """);
    }
}
