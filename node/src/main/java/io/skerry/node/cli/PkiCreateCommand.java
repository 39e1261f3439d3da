package io.skerry.node.cli;

import io.skerry.base.file.FileFault;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes an authority and one certificate for each use. */
@Command(
        name = "create",
        description = "Make an authority, and a certificate with key for server, peer and client.",
        footer = {
            "",
            "Writes ca.crt, ca.key, server.crt, server.key, peer.crt, peer.key, client.crt and",
            "client.key; keys are readable by their owner only. Overwrites nothing.",
            "",
            "Example:",
            "  skerry pki create --dir pki --hosts 10.0.0.1,node1.example.org"
        })
final class PkiCreateCommand implements Runnable {
    /**
     * What a certificate can be valid for: DNS labels, the first may be a star, or an IPv6 address.
     */
    private static final Pattern HOST =
            Pattern.compile(
                    "(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description = "Where to write; made if it does not exist.")
    private Path directory = Path.of("");

    @Option(
            names = "--hosts",
            required = true,
            split = ",",
            paramLabel = "HOST",
            description = "Names and addresses that servers and peers are reached by.")
    private List<String> hosts = new ArrayList<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        for (var host : hosts) {
            if (!HOST.matcher(host).matches()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--hosts: \"" + host + "\" is neither a host name nor an IP address");
            }
        }
        try {
            refuseToOverwrite();
            var authority = CertificateAuthority.create(directory, "Skerry CA");
            for (var use : CertificateUse.values()) {
                var name = use.name().toLowerCase(Locale.ROOT);
                var names = use == CertificateUse.CLIENT ? List.<String>of() : hosts;
                authority.issue(use, "skerry-" + name, names).writeTo(directory, name);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    e.getFile() + " exists and is not overwritten; choose another --dir", e);
        } catch (FileSystemException e) {
            throw new CommandFailure("cannot write certificates: " + FileFault.of(e), e);
        } catch (IOException e) {
            throw new CommandFailure("cannot write certificates to " + directory + ": " + e, e);
        }
        spec.commandLine()
                .getOut()
                .println("certificates of a new authority are in " + directory.toAbsolutePath());
    }

    private void refuseToOverwrite() throws FileAlreadyExistsException {
        for (var name : List.of("ca", "server", "peer", "client")) {
            for (var suffix : List.of(".crt", ".key")) {
                var file = directory.resolve(name + suffix);
                if (Files.exists(file)) {
                    throw new FileAlreadyExistsException(file.toString());
                }
            }
        }
    }
}
