#!/bin/sh
# The CNI plugin of type "flannel", written by "skerry flannel cni-plugin".
# Makes of a network's "delegate" and the host's subnet file a configuration for another plugin
# ("bridge" unless it names one), which does the work. A shell is there sooner than a JVM.
set -eu
LC_ALL=C
export LC_ALL

fail() {
    printf '{"cniVersion":"0.4.0","code":%s,"msg":"%s"}\n' "$1" "$2"
    exit 1
}

case "${CNI_COMMAND:-}" in
VERSION)
    echo '{"cniVersion":"1.0.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0"]}'
    exit 0
    ;;
ADD | CHECK | DEL) ;;
*) fail 4 "flannel: CNI_COMMAND is '${CNI_COMMAND:-}' and must be ADD, CHECK, DEL or VERSION" ;;
esac

case "${CNI_CONTAINERID:-}" in
'' | [!A-Za-z0-9]* | *[!A-Za-z0-9_.-]*) fail 4 "flannel: CNI_CONTAINERID is no name of a container" ;;
esac

# Three lines: which plugin, where its configuration is kept, the configuration; or one, which begins
# with a blank, with what is wrong.
told=$(awk '
# What stands in an object or an array, from 1 on; strings are told from what only looks like them. How many, or
# -1 if it does not end.
function pieces(text, into,    at, c, depth, quoted, start, count, piece) {
    for (at in into) delete into[at]
    depth = 0; quoted = 0; start = 2; count = 0
    for (at = 1; at <= length(text); at++) {
        c = substr(text, at, 1)
        if (quoted) {
            if (c == "\\") at++
            else if (c == "\"") quoted = 0
        } else if (c == "\"") quoted = 1
        else if (c == "{" || c == "[") depth++
        else if (c == "}" || c == "]" || (c == "," && depth == 1)) {
            if (depth == 1) {
                piece = trimmed(substr(text, start, at - start)); start = at + 1
                if (piece != "") into[++count] = piece
            }
            if (c != ",") depth--
        }
    }
    return depth == 0 && !quoted ? count : -1
}
# The members of an object as they stand, by name; whether it is one.
function members(text, into,    all, count, i, key) {
    for (key in into) delete into[key]
    count = pieces(text, all)
    for (i = 1; i <= count; i++)
        if (match(all[i], /^"([^"\\]|\\.)*" *:/)) {
            key = trimmed(substr(all[i], 1, RLENGTH - 1))
            into[substr(key, 2, length(key) - 2)] = trimmed(substr(all[i], RLENGTH + 1))
        }
    return text ~ /^\{.*\}$/ && count >= 0
}
# What ADD answered, with the gateway in each route that has none of its own: plugins take the one of the address
# then, and when they check look for a route without any.
function with_gateways(text,    result, count, i, all, one, out, key, gateways, routes, dst, gateway) {
    if (!members(text, result)) wrong("prevResult is no JSON object")
    if (!("routes" in result)) return text
    count = pieces(result["ips"], all)
    for (i = 1; i <= count; i++)
        if (members(all[i], one) && plain(one["gateway"], "") != "") gateways[one["gateway"] ~ /:/] = one["gateway"]
    count = pieces(result["routes"], all)
    for (i = 1; i <= count; i++) {
        members(all[i], one)
        dst = plain(one["dst"], "") ~ /:/
        gateway = !("gw" in one) && dst in gateways ? ",\"gw\":" gateways[dst] : ""
        routes = routes (i == 1 ? "" : ",") substr(all[i], 1, length(all[i]) - 1) gateway "}"
    }
    for (key in result) if (key != "routes") out = out "\"" key "\":" result[key] ","
    return "{" out "\"routes\":[" routes "]}"
}
function trimmed(text) { gsub(/^ +| +$/, "", text); return text }
function plain(text, otherwise) { return text ~ /^".+"$/ ? substr(text, 2, length(text) - 2) : otherwise }
# A subnet of the file is told by its first address but one.
function base(cidr,    parts, digit) {
    split(cidr, parts, "/")
    if (parts[1] ~ /\./) {
        match(parts[1], /[0-9]+$/)
        return substr(parts[1], 1, RSTART - 1) (substr(parts[1], RSTART) - 1) "/" parts[2]
    }
    if (parts[1] ~ /::1$/) return substr(parts[1], 1, length(parts[1]) - 1) "/" parts[2]
    digit = index("0123456789abcdef", substr(parts[1], length(parts[1])))
    return substr(parts[1], 1, length(parts[1]) - 1) substr("0123456789abcdef", digit - 1, 1) "/" parts[2]
}
function wrong(what) { print " " what; failed = 1; exit }
{ text = text " " $0 }
END {
    if (failed) exit
    gsub(/[\t\r]/, " ", text)
    if (!members(trimmed(text), conf)) wrong("the configuration is no JSON object")
    if (plain(conf["name"], "") == "") wrong("the configuration has no name")
    if ("delegate" in conf && !members(conf["delegate"], delegate)) wrong("delegate is no JSON object")
    if ("name" in delegate) wrong("delegate must have no name; it gets that of the network")
    if ("ipam" in delegate) wrong("delegate must have no ipam; it gets the host subnet of flannel")
    type = plain(delegate["type"], "bridge")
    if (type ~ /[^A-Za-z0-9_.-]/) wrong("delegate.type is no name of a plugin")
    kept = plain(conf["dataDir"], "/var/lib/cni/flannel") "/" ENVIRON["CNI_CONTAINERID"]
    if (ENVIRON["CNI_COMMAND"] != "ADD") {
        out = "none"
        if (ENVIRON["CNI_COMMAND"] == "CHECK" && "prevResult" in conf && (getline out < kept) > 0)
            out = substr(out, 1, length(out) - 1) ",\"prevResult\":" with_gateways(conf["prevResult"]) "}"
        print type; print kept; print out
        exit
    }
    file = plain(conf["subnetFile"], "/run/flannel/subnet.env")
    while ((getline line < file) > 0) {
        at = index(line, "=")
        if (at) env[substr(line, 1, at - 1)] = substr(line, at + 1)
    }
    if (env["FLANNEL_SUBNET"] env["FLANNEL_IPV6_SUBNET"] == "")
        wrong(file " does not tell the host subnet; it is written when the host has one")
    if (env["FLANNEL_MTU"] !~ /^[0-9]+$/) wrong(file " tells no FLANNEL_MTU")
    if (env["FLANNEL_IPMASQ"] !~ /^(true|false)$/) wrong(file " tells no FLANNEL_IPMASQ")
    n = split("FLANNEL_ FLANNEL_IPV6_", prefixes, " ")
    for (i = 1; i <= n; i++) {
        subnet = env[prefixes[i] "SUBNET"]
        if (subnet == "") continue
        ranges = ranges (ranges == "" ? "" : ",") "[{\"subnet\":\"" base(subnet) "\"}]"
        routes = routes (routes == "" ? "" : ",") "{\"dst\":\"" env[prefixes[i] "NETWORK"] "\"}"
    }
    out = "{\"name\":" conf["name"] ",\"type\":\"" type "\""
    if ("cniVersion" in conf) out = out ",\"cniVersion\":" conf["cniVersion"]
    for (key in delegate)
        if (key != "type" && key != "cniVersion") out = out ",\"" key "\":" delegate[key]
    if (!("ipMasq" in delegate)) out = out ",\"ipMasq\":" (env["FLANNEL_IPMASQ"] == "true" ? "false" : "true")
    if (!("mtu" in delegate)) out = out ",\"mtu\":" env["FLANNEL_MTU"]
    if (type == "bridge" && !("isGateway" in delegate)) out = out ",\"isGateway\":true"
    if ("runtimeConfig" in conf) out = out ",\"runtimeConfig\":" conf["runtimeConfig"]
    out = out ",\"ipam\":{\"type\":\"host-local\",\"ranges\":[" ranges "],\"routes\":[" routes "]}}"
    print type; print kept; print out
}')

line='
'
case "$told" in
' '*) fail 7 "flannel:$told" ;;
esac
type=${told%%"$line"*}
rest=${told#*"$line"}
kept=${rest%%"$line"*}
rest=${rest#*"$line"}
configuration=${rest#*"$line"}

plugin=
paths=${CNI_PATH:-}:
while [ -n "$paths" ] && [ -z "$plugin" ]; do
    folder=${paths%%:*}
    paths=${paths#*:}
    [ -n "$folder" ] && [ -x "$folder/$type" ] && plugin=$folder/$type
done
[ -n "$plugin" ] || fail 4 "flannel: no plugin $type in CNI_PATH ${CNI_PATH:-}"

case "$CNI_COMMAND" in
ADD)
    umask 077
    mkdir -p "${kept%/*}"
    printf '%s\n' "$configuration" >"$kept"
    exec "$plugin" <"$kept"
    ;;
CHECK)
    [ -e "$kept" ] || fail 3 "flannel: nothing is known of container $CNI_CONTAINERID"
    # A runtime that gives no prevResult is told that much.
    [ "$configuration" = none ] || printf '%s\n' "$configuration" | "$plugin"
    ;;
DEL)
    [ -e "$kept" ] || exit 0 # it is gone already
    "$plugin" <"$kept"
    rm -f "$kept"
    ;;
esac
