package io.skerry.fleet.agent;

import io.skerry.base.log.Log;
import io.skerry.systemd.unit.UnitName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Has what is there of units looked at when their actions have ended, one look at a time: those
 * that end while one is under way share the next, since each look is a question to systemd, which
 * answers one after the other. Confined to the agent's loop.
 */
final class SharedLook {
    private static final Log LOG = Log.of(SharedLook.class);

    private final Look look;
    private final Executor loop;
    private final Executor background;
    private final Map<UnitName, Runnable> waiting = new LinkedHashMap<>();
    private boolean looking;

    /** Looks at units, tells the core, then runs the event on the loop. Blocks. */
    interface Look {
        void at(Collection<UnitName> units, Runnable then);
    }

    SharedLook(Look look, Executor loop, Executor background) {
        this.look = look;
        this.loop = loop;
        this.background = background;
    }

    /**
     * Has the unit looked at.
     *
     * @param then run on the loop when that is done
     */
    void ask(UnitName unit, Runnable then) {
        waiting.put(unit, then);
    }

    /** Begins the next look, when there is one. */
    void act() {
        if (looking || waiting.isEmpty()) {
            return;
        }
        looking = true;
        var asked = new LinkedHashMap<>(waiting);
        waiting.clear();
        background.execute(() -> {
            try {
                look.at(asked.keySet(), () -> asked.values().forEach(Runnable::run));
            } catch (RuntimeException e) {
                // A bug must not leave all these units busy for ever.
                LOG.error("look at units failed", "units", asked.keySet(), e);
                loop.execute(() -> asked.values().forEach(Runnable::run));
            } finally {
                loop.execute(() -> looking = false);
            }
        });
    }
}
