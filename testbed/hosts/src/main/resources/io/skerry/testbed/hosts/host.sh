#!/bin/bash
# Boots one virtual host. Run twice by HostBoot: first as "enter" on the machine, which puts itself into the host's
# cgroups and namespaces, then as "init", which is already PID 1 in there, builds the host's root and becomes systemd.
# Everything comes in the environment:
#   HOST_NAME     hostname
#   HOST_DIR      the host's folder in the playground's state: upper, work, root, data, seed, own, console.log
#   HOST_NETNS    network namespace of the host, by name
#   HOST_CGROUPS  the host's cgroup in every hierarchy (folders, one a line)
#   HOST_V1       cgroup v1 hierarchies to mount in the host: "folder options" lines; empty on a pure v2 machine
#   HOST_HIDE     folders of the machine that must not be seen inside, outer before inner (one a line)
#   HOST_BINDS    read-only binds, "source target" lines
set -euo pipefail

enter() {
    local cgroup
    while read -r cgroup; do
        [ -z "$cgroup" ] || echo $$ >"$cgroup/cgroup.procs"
    done <<<"$HOST_CGROUPS"
    # stdin stays the pipe of HostBoot: init waits on it until its parent has been moved out of the host's cgroup.
    exec setsid nsenter --net="/run/netns/$HOST_NETNS" unshare --mount --propagation private --pid --fork \
        --kill-child=KILL --uts --ipc --cgroup bash "$0" init
}

# First boot only: the host does not inherit what the machine has enabled, nor units that need real hardware.
prepare_root() {
    local root=$1 unit
    rm -rf "$root"/etc/systemd/system "$root"/etc/rc?.d "$root"/var/log/journal "$root"/etc/fstab "$root"/etc/skerry
    mkdir -p "$root"/etc/systemd/system "$root"/var/log/journal "$root"/var/lib/host
    for unit in systemd-sysctl systemd-udevd systemd-udev-trigger systemd-modules-load modprobe@ systemd-binfmt \
        systemd-networkd systemd-resolved systemd-timesyncd systemd-logind systemd-sysusers systemd-update-utmp \
        getty@ console-getty serial-getty@ apparmor ipvsadm sys-kernel-debug.mount \
        sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount dev-hugepages.mount \
        dev-mqueue.mount systemd-journald-audit.socket systemd-initctl.socket systemd-udevd-control.socket \
        systemd-udevd-kernel.socket systemd-networkd.socket e2scrub_all.timer fstrim.timer dpkg-db-backup.timer \
        apt-daily.timer apt-daily-upgrade.timer systemd-tmpfiles-clean.timer; do
        case $unit in *.*) ;; *) unit=$unit.service ;; esac
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
    # Tell systemd that nothing in /etc and /var is older than /usr, else it runs its update services.
    touch "$root/etc/.updated" "$root/var/.updated" "$root/etc/skerry-host"
}

mount_devices() {
    local dev=$1 node file major minor link
    mount -t tmpfs -o mode=755,nosuid tmpfs "$dev"
    for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 fuse:10:229; do
        IFS=: read -r file major minor <<<"$node"
        mknod -m 666 "$dev/$file" c "$major" "$minor"
    done
    mkdir "$dev"/{pts,shm,mqueue,net}
    mknod -m 666 "$dev/net/tun" c 10 200
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$dev/pts"
    mount -t tmpfs -o mode=1777 tmpfs "$dev/shm"
    ln -s pts/ptmx "$dev/ptmx"
    ln -s /proc/self/fd "$dev/fd"
    for link in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${link%%:*}" "$dev/${link#*:}"; done
    touch "$dev/console"
    mount --bind "$HOST_DIR/console.log" "$dev/console"
}

mount_cgroups() {
    local at=$1 folder options
    if [ -z "$HOST_V1" ]; then
        mount -t cgroup2 cgroup2 "$at"
        return
    fi
    mount -t tmpfs -o mode=755 tmpfs "$at"
    while read -r folder options; do
        mkdir "$at/$folder"
        mount -t cgroup -o "$options" cgroup "$at/$folder"
    done <<<"$HOST_V1"
    mkdir "$at/unified"
    mount -t cgroup2 cgroup2 "$at/unified"
}

init() {
    local go root=$HOST_DIR/root folder source target
    read -r go || exit 1 # the command that boots us died: so do we
    exec </dev/null
    echo "$HOST_NAME" >/proc/sys/kernel/hostname
    mount -t overlay overlay -o "lowerdir=/,upperdir=$HOST_DIR/upper,workdir=$HOST_DIR/work" "$root"
    [ -e "$root/etc/skerry-host" ] || prepare_root "$root"
    mkdir -p "$root/var/lib/host"
    cp -a --no-preserve=ownership "$HOST_DIR/seed/." "$root/"
    while read -r source target; do
        [ -n "$source" ] || continue
        mkdir -p "$root$target"
        mount --bind "$source" "$root$target"
        mount -o remount,bind,ro "$root$target"
    done <<<"$HOST_BINDS"
    # What the machine keeps there is hidden by a folder of the host's own, which is empty at first.
    while read -r folder; do
        [ -d "$root$folder" ] || continue
        mkdir -p -m 700 "$HOST_DIR/own$folder"
        mount --bind "$HOST_DIR/own$folder" "$root$folder"
    done <<<"$HOST_HIDE"
    mount --bind "$HOST_DIR/data" "$root/var/lib/host"

    mount -t proc proc "$root/proc"
    # Of the sysctls only the network's, which are the host's own, may be written.
    mount --bind "$root/proc/sys" "$root/proc/sys"
    mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
    mount -o remount,bind,ro "$root/proc/sys"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount_devices "$root/dev"
    mount -t tmpfs -o mode=755,nosuid tmpfs "$root/run"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mount_cgroups "$root/sys/fs/cgroup"

    cd "$root"
    mkdir -p oldroot
    pivot_root . oldroot
    umount -l /oldroot
    rmdir /oldroot 2>/dev/null || true
    exec env -i container=skerry LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        /lib/systemd/systemd --unit=multi-user.target
}

"$1"
