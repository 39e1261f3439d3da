package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Brings one cluster up for all classes of a run, cleans it after each test, and removes it. When
 * several tests have failed, it is the cluster that is broken: the rest fail at once then, rather
 * than after minutes each.
 */
final class SharedCluster
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final int MOST_FAILURES = 3;

    /** What the run has; there is none when it could not be brought up. */
    private static final class Shared implements AutoCloseable {
        private @Nullable Cluster cluster;
        private int failures;

        @Override
        public void close() throws IOException {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "virtual hosts need root");
        Shared shared = shared(context);
        if (shared.cluster == null && shared.failures == 0) {
            shared.failures = MOST_FAILURES;
            shared.cluster = Cluster.up();
            shared.failures = 0;
        }
        assertThat(shared.cluster).as("the cluster, which could not be brought up").isNotNull();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        assertThat(shared(context).failures)
                .as("tests that have failed; the cluster is given up")
                .isLessThan(MOST_FAILURES);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Shared shared = shared(context);
        if (shared.failures >= MOST_FAILURES) {
            return;
        }
        Cluster cluster = cluster(context);
        shared.failures++; // unless all goes well
        boolean failed = context.getExecutionException().isPresent();
        if (failed) {
            System.err.println(cluster.describe());
        }
        cluster.clean(failed);
        shared.failures -= failed ? 0 : 1;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    private static Cluster cluster(ExtensionContext context) {
        Cluster cluster = shared(context).cluster;
        if (cluster == null) {
            throw new AssertionError("there is no cluster");
        }
        return cluster;
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedCluster.class))
                .computeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
    }
}
