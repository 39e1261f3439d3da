package io.skerry.node.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Code of every kind that {@code PlainCode} makes anew, and what it does. */
public final class Specimen {
    record Whole(
            boolean flag,
            byte small,
            char letter,
            short medium,
            int number,
            long large,
            float single,
            double exact,
            String text,
            Optional<List<Integer>> rest) {}

    record Empty() {}

    sealed interface Shape {
        record Circle(int radius) implements Shape {}

        record Square(Shape inner, int side) implements Shape {}

        record Line() implements Shape {}

        /** In an interface, whose methods are called in another way. */
        default String kind() {
            return switch (this) {
                case Circle _ -> "circle";
                case Square _ -> "square";
                case Line _ -> "line";
            };
        }
    }

    private Specimen() {}

    /** What all of it does, a line each. */
    public static List<String> report() {
        var lines = new ArrayList<String>();
        var whole = whole(0);
        for (int i = 0; i <= 10; i++) {
            Whole other = whole(i);
            lines.add(other + " " + other.hashCode() + " " + whole.equals(other));
        }
        for (Object other : Arrays.asList(whole, null, "another", new Empty())) {
            lines.add("whole " + areEqual(whole, other) + " empty " + areEqual(new Empty(), other));
        }
        lines.add(new Empty() + " " + new Empty().hashCode());
        var round = new Shape.Circle(2);
        for (Shape shape :
                List.of(
                        round,
                        new Shape.Circle(20),
                        new Shape.Square(round, 3),
                        new Shape.Square(new Shape.Line(), 4),
                        new Shape.Line())) {
            lines.add(shape + " " + shape.kind() + " " + described(shape));
        }
        lines.add(described(null));
        for (Object any : List.of("text", 7, 8L, List.of(), Collections.emptyMap())) {
            lines.add(guessed(any));
        }
        return lines;
    }

    private static boolean areEqual(Object one, @Nullable Object other) {
        return one.equals(other);
    }

    /** One that differs from the first in the component of that number. */
    private static Whole whole(int differing) {
        return new Whole(
                differing == 1,
                (byte) (differing == 2 ? -3 : 3),
                differing == 3 ? 'x' : 'y',
                (short) (differing == 4 ? -300 : 300),
                differing == 5 ? 5 : 6,
                differing == 6 ? Long.MIN_VALUE : 1L << 40,
                differing == 7 ? -0.0f : 0.0f,
                differing == 8 ? 1.5 : Double.NaN,
                differing == 9 ? "" : "word",
                differing == 10 ? Optional.empty() : Optional.of(List.of(1, 2)));
    }

    /** With conditions, after which the search goes on where it was. */
    private static String described(@Nullable Shape shape) {
        return switch (shape) {
            case null -> "nothing";
            case Shape.Circle(int radius) when radius > 10 -> "large circle";
            case Shape.Circle _ -> "small circle";
            case Shape.Square(Shape.Circle(int radius), int side) ->
                    "around " + radius + ", " + side;
            case Shape.Square _ -> "square";
            case Shape.Line _ -> "line";
        };
    }

    private static String guessed(Object any) {
        return switch (any) {
            case String text when text.isEmpty() -> "no text";
            case String text -> text;
            case Integer number -> "int " + number;
            case Number number -> "number " + number;
            case List<?> list -> "list of " + list.size();
            default -> "something else";
        };
    }
}
