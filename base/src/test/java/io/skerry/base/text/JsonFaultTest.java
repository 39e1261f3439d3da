package io.skerry.base.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonFaultTest {
    @Test
    void namesThePlaceAndNoSource() {
        assertThat(fault("{\n\"a\": 1"))
                .startsWith("line 2, column 7: Unexpected end-of-input")
                .doesNotContain("Source", "(");
        assertThat(fault("{\"a\": x}")).startsWith("line 1, column ").contains("'x'");
    }

    private static String fault(String text) {
        return JsonFault.of(
                catchThrowableOfType(
                        JsonProcessingException.class, () -> new ObjectMapper().readTree(text)));
    }
}
