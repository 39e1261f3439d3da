package io.skerry.fleet.ctl;

import java.util.List;
import picocli.CommandLine.Parameters;

/** A command about units that are named one by one. */
abstract class UnitsAction extends CtlAction {
    @Parameters(arity = "1..*", paramLabel = "UNIT", description = "Unit names or unit files.")
    private List<String> units = List.of();

    @Override
    boolean take(List<String> words) {
        units = List.copyOf(words);
        return !words.isEmpty();
    }

    List<String> units() {
        return units;
    }
}
