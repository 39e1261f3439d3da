package io.skerry.etcd.server.alarm;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeSet;

/** The alarms that are raised now. One thread writes; any thread may read {@link #all}. */
public final class AlarmTable {
    /** Name of the engine's map; a snapshot carries it. */
    public static final String MAP = "alarms";

    private static final byte[] RAISED = new byte[0];

    private final OrderedMap stored;
    private volatile List<Alarm> alarms;

    public AlarmTable(Engine engine) {
        this.stored = engine.map(MAP);
        var found = new TreeSet<Alarm>();
        var scan = stored.snapshot().ascending(new byte[0], null);
        while (scan.next()) {
            var key = ByteBuffer.wrap(scan.key());
            found.add(new Alarm(key.getLong(), Alarm.Kind.of(key.getInt())));
        }
        this.alarms = List.copyOf(found);
    }

    /** All alarms, by member. */
    public List<Alarm> all() {
        return alarms;
    }

    /** Whether any member has raised such an alarm. */
    public boolean raised(Alarm.Kind kind) {
        for (Alarm alarm : alarms) {
            if (alarm.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    /** Raises an alarm; raising it again changes nothing. */
    public void raise(Alarm alarm) {
        var more = new TreeSet<>(alarms);
        if (more.add(alarm)) {
            stored.put(key(alarm), RAISED);
            alarms = List.copyOf(more);
        }
    }

    /** Takes an alarm back; false if it was not raised. */
    public boolean disarm(Alarm alarm) {
        var rest = new TreeSet<>(alarms);
        if (!rest.remove(alarm)) {
            return false;
        }
        stored.remove(key(alarm));
        alarms = List.copyOf(rest);
        return true;
    }

    private static byte[] key(Alarm alarm) {
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(alarm.memberId())
                .putInt(alarm.kind().number())
                .array();
    }
}
