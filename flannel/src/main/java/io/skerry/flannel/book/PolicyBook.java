package io.skerry.flannel.book;

import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The policies of the store. One that cannot be read leaves its last good version in force for as
 * long as its key is there, so that a slip of the pen opens nothing. Not thread-safe.
 */
public final class PolicyBook {
    private final Map<String, Policy> good = new HashMap<>();
    private List<String> faults = List.of();

    /** Takes up what is there now. */
    public void read(String prefix, Map<String, KeyValue> entries) {
        var found = new ArrayList<String>();
        good.keySet().removeIf(name -> !entries.containsKey(prefix + name));
        entries.forEach((key, entry) -> {
            String name = key.substring(prefix.length());
            try {
                good.put(name, PolicyJson.parse(name, entry.text()));
            } catch (PolicyFault e) {
                found.add(
                        "policy "
                                + name
                                + (good.containsKey(name)
                                        ? " cannot be read and stays as it was: "
                                        : " cannot be read and is left out: ")
                                + e.getMessage());
            }
        });
        found.sort(Comparator.naturalOrder());
        faults = List.copyOf(found);
    }

    public List<Policy> policies() {
        return good.values().stream().sorted(Policy.ORDER).toList();
    }

    /** Which cannot be read, and why. */
    public List<String> faults() {
        return faults;
    }
}
