package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The commands about users, roles and whether anybody is asked who he is. */
final class AuthCommands {
    private static final String USERS = "/v2/auth/users";
    private static final String ROLES = "/v2/auth/roles";
    private static final String ENABLE = "/v2/auth/enable";

    static final List<Flag> USER_ROLE_FLAGS =
            List.of(Flag.text("roles", "", "roles with commas between"));
    static final List<Flag> PATH_FLAGS =
            List.of(
                    Flag.text("path", "", "the key, or what keys begin with and *"),
                    Flag.on("read", "reading"),
                    Flag.on("write", "writing"),
                    Flag.on("readwrite", "both"),
                    Flag.on("rw", "both"));

    private AuthCommands() {}

    static void enable(V2Invocation line) throws CtlFailure {
        line.store().must("PUT", ENABLE, "{}");
        line.line("Authentication Enabled");
    }

    static void disable(V2Invocation line) throws CtlFailure {
        line.store().must("DELETE", ENABLE, "");
        line.line("Authentication Disabled");
    }

    static void listUsers(V2Invocation line) throws CtlFailure {
        names(line, line.store().must("GET", USERS, "").path("users"), "user");
    }

    static void listRoles(V2Invocation line) throws CtlFailure {
        names(line, line.store().must("GET", ROLES, "").path("roles"), "role");
    }

    private static void names(V2Invocation line, JsonNode list, String member) {
        list.forEach(one -> line.line(one.isTextual() ? one.asText() : one.path(member).asText()));
    }

    static void addUser(V2Invocation line) throws CtlFailure {
        String given = line.word(0, "Please provide a username");
        int colon = given.indexOf(':');
        String name = colon < 0 ? given : given.substring(0, colon);
        String password =
                colon < 0
                        ? ByteText.toText(line.passwords().ask("New password: "))
                        : given.substring(colon + 1);
        line.store().must("PUT", USERS + "/" + name, user(name, Map.of("password", password)));
        line.line("User " + name + " created");
    }

    static void getUser(V2Invocation line) throws CtlFailure {
        JsonNode user = line.store().must("GET", USERS + "/" + name(line), "");
        line.line("User: " + user.path("user").asText());
        line.line("Roles:  " + String.join(" ", roles(user)));
    }

    private static List<String> roles(JsonNode user) {
        var roles = new ArrayList<String>();
        user.path("roles")
                .forEach(role ->
                        roles.add(role.isTextual() ? role.asText() : role.path("role").asText()));
        return roles;
    }

    static void removeUser(V2Invocation line) throws CtlFailure {
        String name = name(line);
        line.store().must("DELETE", USERS + "/" + name, "");
        line.line("User " + name + " removed");
    }

    static void grantUser(V2Invocation line) throws CtlFailure {
        changeUser(line, "grant");
    }

    static void revokeUser(V2Invocation line) throws CtlFailure {
        changeUser(line, "revoke");
    }

    private static void changeUser(V2Invocation line, String verb) throws CtlFailure {
        String name = name(line);
        String roles = ByteText.toText(line.given().text("roles"));
        if (roles.isEmpty()) {
            throw V2Failure.plain("No roles specified; please use `--roles`");
        }
        line.store().must("GET", USERS + "/" + name, "");
        var list = List.of(roles.split(",", -1));
        line.store().must("PUT", USERS + "/" + name, user(name, Map.of(verb, list)));
        line.line("User " + name + " updated");
    }

    static void passwd(V2Invocation line) throws CtlFailure {
        String name = name(line);
        line.store().must("GET", USERS + "/" + name, "");
        String password = ByteText.toText(line.passwords().ask("New password: "));
        line.store().must("PUT", USERS + "/" + name, user(name, Map.of("password", password)));
        line.line("Password updated");
    }

    private static String user(String name, Map<String, Object> change) {
        var user = new LinkedHashMap<String, Object>();
        user.put("user", name);
        user.putAll(change);
        return Json.object(user);
    }

    static void addRole(V2Invocation line) throws CtlFailure {
        String name = name(line);
        if (line.store().call("GET", ROLES + "/" + name, "").status() == 200) {
            throw V2Failure.plain("Role " + name + " already exists");
        }
        line.store()
                .must("PUT", ROLES + "/" + name, role(name, "permissions", List.of(), true, true));
        line.line("Role " + name + " created");
    }

    static void getRole(V2Invocation line) throws CtlFailure {
        JsonNode role = line.store().must("GET", ROLES + "/" + name(line), "");
        line.line("Role: " + role.path("role").asText());
        line.line("KV Read:");
        paths(line, role.path("permissions").path("kv").path("read"));
        line.line("KV Write:");
        paths(line, role.path("permissions").path("kv").path("write"));
    }

    private static void paths(V2Invocation line, JsonNode list) {
        list.forEach(path -> line.line("\t" + path.asText()));
    }

    static void removeRole(V2Invocation line) throws CtlFailure {
        String name = name(line);
        line.store().must("DELETE", ROLES + "/" + name, "");
        line.line("Role " + name + " removed");
    }

    static void grantRole(V2Invocation line) throws CtlFailure {
        changeRole(line, "grant");
    }

    static void revokeRole(V2Invocation line) throws CtlFailure {
        changeRole(line, "revoke");
    }

    private static void changeRole(V2Invocation line, String verb) throws CtlFailure {
        String name = name(line);
        String path = ByteText.toText(line.given().text("path"));
        if (path.isEmpty()) {
            throw V2Failure.plain("No path specified; please use `--path`");
        }
        boolean both = line.on("readwrite") || line.on("rw");
        boolean read = line.on("read");
        boolean write = line.on("write");
        if ((both ? 1 : 0) + (read ? 1 : 0) + (write ? 1 : 0) != 1) {
            throw V2Failure.plain("Please specify exactly one of --read, --write or --readwrite");
        }
        line.store().must("GET", ROLES + "/" + name, "");
        var body = role(name, verb, List.of(path), both || read, both || write);
        line.store().must("PUT", ROLES + "/" + name, body);
        line.line("Role " + name + " updated");
    }

    private static String role(
            String name, String verb, List<String> paths, boolean read, boolean write) {
        SequencedMap<String, Object> kv = new LinkedHashMap<>();
        kv.put("read", read ? paths : List.of());
        kv.put("write", write ? paths : List.of());
        SequencedMap<String, Object> role = new LinkedHashMap<>();
        role.put("role", name);
        role.put(verb, Map.of("kv", kv));
        return Json.object(role);
    }

    private static String name(V2Invocation line) throws CtlFailure {
        if (line.words().size() != 1) {
            throw V2Failure.plain("Please provide one name");
        }
        return line.word(0, "");
    }
}
