package io.skerry.systemd.unit;

/**
 * One thing wrong in a unit file.
 *
 * @param line counted from 1
 * @param section the section that the line stands in, or that it opens; empty before the first one
 * @param message what is wrong and what to write instead, without file and line
 */
public record Fault(int line, String section, String message) {
    /**
     * The fault as compilers print theirs, for instance {@code web.service:3: [Servic] unknown
     * section}.
     */
    public String in(String fileName) {
        String where = section.isEmpty() ? "" : "[" + section + "] ";
        return fileName + ":" + line + ": " + where + message;
    }
}
