package io.skerry.node.playground;

import io.skerry.testbed.hosts.PlaygroundName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the store of a playground is, in the variables that etcdctl reads. */
public final class PlaygroundStore {
    private PlaygroundStore() {}

    /**
     * The variables {@code ETCDCTL_…}.
     *
     * @throws IOException there is no such playground, or it cannot be read
     */
    public static Map<String, String> environment(String playground) throws IOException {
        Session session;
        try {
            session = Session.of(new PlaygroundName(playground));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        var variables = new LinkedHashMap<>(Environment.of(ClusterAccess.of(session.existing())));
        variables.keySet().removeIf(name -> !name.startsWith("ETCDCTL_"));
        return variables;
    }
}
