package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Where other members reach one, as {@code --peer-urls} names it. */
final class PeerUrls {
    static final Flag FLAG = Flag.text("peer-urls", "", "where the other members reach it");
    private static final Set<String> SCHEMES = Set.of("http", "https", "unix", "unixs");

    private PeerUrls() {}

    /** The URLs of the flag; one that no member can listen at is refused before it is asked for. */
    static List<String> of(Invocation invocation) throws CtlFailure {
        String text = ByteText.toText(invocation.given().text(FLAG.name()));
        if (text.isEmpty()) {
            throw CtlFailure.arguments("member peer urls not provided");
        }
        var urls = new ArrayList<String>();
        for (String url : text.split(",", -1)) {
            String wrong = wrong(url.strip());
            if (!wrong.isEmpty()) {
                throw CtlFailure.error(ByteText.ofText(wrong + ": " + url.strip()));
            }
            urls.add(url);
        }
        return List.copyOf(urls);
    }

    /** In etcd's words; empty: nothing. */
    private static String wrong(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return e.getReason();
        }
        String path = url.getPath();
        if (url.getScheme() == null || !SCHEMES.contains(url.getScheme())) {
            return "URL scheme must be http, https, unix, or unixs";
        }
        if (url.getAuthority() == null || !url.getAuthority().matches(".*:[^:\\]]*")) {
            return "URL address does not have the form \"host:port\"";
        }
        return path == null || path.isEmpty() ? "" : "URL must not contain a path";
    }
}
