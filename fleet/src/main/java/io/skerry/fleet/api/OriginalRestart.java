package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.systemd.unit.UnitName;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the original's {@code fleetctl restart} needs. It asks that the unit be stopped, and then
 * waits until the unit is <em>launched</em> before it asks for a start: with the original's daemon,
 * which needs a second to stop a unit, it still finds it so. Here the unit is stopped before the
 * first look, and the command would wait for ever. So the first look of that client at a unit that
 * it has just stopped finds it launched. Thread-safe.
 */
final class OriginalRestart {
    /** How the library calls itself with which the original's client is made. */
    private static final String CLIENT = "google-api-go-client";

    private final Set<UnitName> stopped = ConcurrentHashMap.newKeySet();

    static boolean isFrom(HttpCall call) {
        String agent = call.header("user-agent");
        return agent != null && agent.startsWith(CLIENT);
    }

    /** The original's client has asked for another state of a unit. */
    void asked(Unit before, TargetState target) {
        if (before.targetState() == TargetState.LAUNCHED && target == TargetState.LOADED) {
            stopped.add(before.name());
        } else {
            stopped.remove(before.name());
        }
    }

    void destroyed(UnitName name) {
        stopped.remove(name);
    }

    /** The unit as the original's client is to see it. */
    UnitEntity seen(UnitName name, UnitEntity unit) {
        return stopped.remove(name) && unit.currentState().equals(TargetState.LOADED.wireName())
                ? unit.withCurrentState(TargetState.LAUNCHED.wireName())
                : unit;
    }
}
