package io.skerry.etcd.ctl.flag;

/** Reads whole numbers as Go does and says what is wrong with others in Go's words. */
public final class GoNumbers {
    /** The words are in the message. */
    public static final class NotANumber extends Exception {
        private static final long serialVersionUID = 1L;

        NotANumber(String message) {
            super(message, null, false, false);
        }

        /** What is wrong, for an error of ours. */
        public String words() {
            return String.valueOf(getMessage());
        }
    }

    private GoNumbers() {}

    /**
     * A signed number; base 0 takes {@code 0x}, {@code 0o}, {@code 0b} and a leading 0 as hints.
     */
    public static long parseLong(String text, int base) throws NotANumber {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = base == 0 ? radix(digits) : base;
        String plain = base == 0 ? withoutPrefix(digits, radix) : digits;
        try {
            if (plain.startsWith("-") || plain.startsWith("+")) {
                throw new NumberFormatException(plain);
            }
            return Long.parseLong(negative ? "-" + plain : plain, radix);
        } catch (NumberFormatException e) {
            throw failure("ParseInt", text, plain, radix);
        }
    }

    /** An unsigned number of 64 bits. */
    public static long parseUnsigned(String text, int base) throws NotANumber {
        try {
            if (text.startsWith("+") || text.startsWith("-")) {
                throw new NumberFormatException(text);
            }
            return Long.parseUnsignedLong(text, base);
        } catch (NumberFormatException e) {
            throw failure("ParseUint", text, text, base);
        }
    }

    private static int radix(String digits) {
        if (digits.length() < 2 || digits.charAt(0) != '0') {
            return 10;
        }
        return switch (Character.toLowerCase(digits.charAt(1))) {
            case 'x' -> 16;
            case 'b' -> 2;
            default -> 8;
        };
    }

    private static String withoutPrefix(String digits, int radix) {
        if (radix == 10) {
            return digits;
        }
        return digits.substring(Character.isDigit(digits.charAt(1)) ? 1 : 2);
    }

    private static NotANumber failure(String function, String text, String digits, int radix) {
        boolean digitsOnly =
                !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0);
        return new NotANumber(
                "strconv.%s: parsing \"%s\": %s"
                        .formatted(
                                function,
                                text,
                                digitsOnly ? "value out of range" : "invalid syntax"));
    }
}
