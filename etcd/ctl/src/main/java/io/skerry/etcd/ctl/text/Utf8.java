package io.skerry.etcd.ctl.text;

/** Finds the code points of byte strings. */
final class Utf8 {
    private Utf8() {}

    /** How many bytes the code point takes that begins at {@code i}; 0 if none does. */
    static int lengthAt(String byteString, int i) {
        char first = byteString.charAt(i);
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || i + length > byteString.length()) {
            return 0;
        }
        for (int k = i + 1; k < i + length; k++) {
            if (byteString.charAt(k) >> 6 != 0b10) {
                return 0;
            }
        }
        char second = byteString.charAt(i + 1);
        boolean overlongOrSurrogate =
                (first == 0xe0 && second < 0xa0)
                        || (first == 0xed && second > 0x9f)
                        || (first == 0xf0 && second < 0x90)
                        || (first == 0xf4 && second > 0x8f);
        return overlongOrSurrogate ? 0 : length;
    }
}
