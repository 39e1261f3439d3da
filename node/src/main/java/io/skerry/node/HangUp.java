package io.skerry.node;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * Hears SIGHUP, by which a service is told to read its configuration again. Java has that only in a
 * class of its own runtime, {@code sun.misc.Signal}; all JDKs have it and export it, but a compiler
 * warns of naming it, so that it is found by its name here.
 */
final class HangUp {
    private HangUp() {}

    /** Runs the action at each signal from now on, on a thread of its own, one after the other. */
    static void whenTold(Runnable action) {
        try {
            var lookup = MethodHandles.publicLookup();
            Class<?> signal = lookup.findClass("sun.misc.Signal");
            Class<?> handler = lookup.findClass("sun.misc.SignalHandler");
            var hangUp =
                    lookup.findConstructor(signal, MethodType.methodType(void.class, String.class))
                            .invoke("HUP");
            Consumer<Object> run = told -> action.run();
            var accept =
                    lookup.findVirtual(
                                    Consumer.class,
                                    "accept",
                                    MethodType.methodType(void.class, Object.class))
                            .bindTo(run)
                            .asType(MethodType.methodType(void.class, signal));
            lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
                    .invoke(hangUp, MethodHandleProxies.asInterfaceInstance(handler, accept));
        } catch (Throwable e) {
            throw new IllegalStateException("this JDK cannot hear SIGHUP", e);
        }
    }
}
