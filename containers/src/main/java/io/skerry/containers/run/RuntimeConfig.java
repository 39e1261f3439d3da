package io.skerry.containers.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.containers.image.ImageConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container's {@code config.json}, as the OCI runtime specification 1.0.2 defines it. Pure.
 *
 * @param controlGroup below the one of the container's unit
 * @param networkNamespace a file
 */
record RuntimeConfig(
        ContainerName name,
        ContainerSpec spec,
        ImageConfig image,
        Users.Identity user,
        Path bundle,
        String controlGroup,
        Path networkNamespace) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What Docker leaves to containers. */
    private static final List<String> CAPABILITIES =
            List.of(
                    "CAP_CHOWN",
                    "CAP_DAC_OVERRIDE",
                    "CAP_FSETID",
                    "CAP_FOWNER",
                    "CAP_MKNOD",
                    "CAP_NET_RAW",
                    "CAP_SETGID",
                    "CAP_SETUID",
                    "CAP_SETFCAP",
                    "CAP_SETPCAP",
                    "CAP_NET_BIND_SERVICE",
                    "CAP_SYS_CHROOT",
                    "CAP_KILL",
                    "CAP_AUDIT_WRITE");

    private static final List<String> MASKED =
            List.of(
                    "/proc/acpi",
                    "/proc/asound",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    byte[] json() throws ContainerException, IOException {
        return JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(
                        Map.of(
                                "ociVersion", "1.0.2",
                                "hostname", name.base(),
                                "root", Map.of("path", "rootfs", "readonly", false),
                                "process", process(),
                                "mounts", mounts(),
                                "linux", linux()));
    }

    private Map<String, Object> process() throws ContainerException {
        var process = new LinkedHashMap<String, Object>();
        process.put("terminal", false);
        process.put("user", Map.of("uid", user.user(), "gid", user.group()));
        process.put("args", arguments());
        process.put("env", environment());
        String directory =
                spec.workingDirectory().isEmpty()
                        ? image.workingDirectory()
                        : spec.workingDirectory();
        process.put("cwd", directory.isEmpty() ? "/" : directory);
        // Only root has them from the beginning; a program of another user may still gain them.
        List<String> held = user.user() == 0 ? CAPABILITIES : List.of();
        process.put(
                "capabilities",
                Map.of("bounding", CAPABILITIES, "effective", held, "permitted", held));
        return process;
    }

    private List<String> arguments() throws ContainerException {
        var arguments = new ArrayList<>(image.entrypoint());
        arguments.addAll(spec.command().isEmpty() ? image.command() : spec.command());
        if (arguments.isEmpty()) {
            throw new ContainerException(
                    "image " + spec.image() + " does not say what to run; give a command");
        }
        return arguments;
    }

    private List<String> environment() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        variables.put("HOSTNAME", name.base());
        variables.put("HOME", user.home());
        image.environment().forEach(variable -> put(variables, variable));
        spec.environment().forEach(variable -> put(variables, variable));
        return variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }

    private static void put(Map<String, String> variables, String variable) {
        int equals = variable.indexOf('=');
        if (equals > 0) {
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
    }

    private List<Object> mounts() {
        var mounts = new ArrayList<Object>();
        mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
        mounts.add(
                mount(
                        "/dev",
                        "tmpfs",
                        "tmpfs",
                        "nosuid",
                        "strictatime",
                        "mode=755",
                        "size=65536k"));
        mounts.add(
                mount(
                        "/dev/pts",
                        "devpts",
                        "devpts",
                        "nosuid",
                        "noexec",
                        "newinstance",
                        "ptmxmode=0666",
                        "mode=0620",
                        "gid=5"));
        mounts.add(
                mount(
                        "/dev/shm",
                        "tmpfs",
                        "shm",
                        "nosuid",
                        "noexec",
                        "nodev",
                        "mode=1777",
                        "size=65536k"));
        mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
        mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
        for (String file : Bundle.ETC_FILES) {
            mounts.add(
                    mount("/etc/" + file, "bind", bundle.resolve(file).toString(), "bind", "rw"));
        }
        for (Volume volume : spec.volumes()) {
            // With "ro" alone, what is mounted below the volume would stay writable.
            String[] options =
                    volume.readOnly()
                            ? new String[] {"rbind", "ro", "rro"}
                            : new String[] {"rbind", "rw"};
            mounts.add(
                    mount(volume.inside().toString(), "bind", volume.host().toString(), options));
        }
        return mounts;
    }

    private static Map<String, Object> mount(
            String destination, String type, String source, String... options) {
        return Map.of(
                "destination",
                destination,
                "type",
                type,
                "source",
                source,
                "options",
                List.of(options));
    }

    private Map<String, Object> linux() {
        return Map.of(
                "namespaces",
                List.of(
                        Map.of("type", "pid"),
                        Map.of("type", "ipc"),
                        Map.of("type", "uts"),
                        Map.of("type", "mount"),
                        Map.of("type", "network", "path", networkNamespace.toString())),
                "cgroupsPath",
                controlGroup,
                // The limits are those of the unit, above this group.
                "resources",
                Map.of("devices", List.of(Map.of("allow", false, "access", "rwm"))),
                "maskedPaths",
                MASKED,
                "readonlyPaths",
                READ_ONLY);
    }
}
