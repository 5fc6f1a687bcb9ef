package io.sluice.cli.rules;

import io.sluice.mapping.RulesSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the JSON Schema of the rules file. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of the rules file, for editors.",
        mixinStandardHelpOptions = true)
final class RulesSchemaCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.print(RulesSchema.text());
        return 0;
    }
}
