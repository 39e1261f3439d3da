package io.skerry.fleet.ctl;

/** Hears of each request, for {@code --debug}. Called from any thread. */
@FunctionalInterface
interface Debug {
    void tell(String line);
}
