package io.sluice.cli.rules;

import io.sluice.cli.EtcdOptions;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.PublishedText;
import io.sluice.config.ConfigException;
import io.sluice.config.ConfigFile;
import io.sluice.mapping.Rules;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts a rules file where all processes of a cluster that are configured with {@code rules: etcd} read it. */
@Command(
        name = "publish",
        description = "Puts a rules file into etcd, from where all processes with rules: etcd take it over at once."
                + " A file that is not valid is refused. Variables such as $${NAME} stay as they are: each process"
                + " puts in its own; here they only have to be set to something.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:published", "1:the file is not valid", "2:etcd does not answer, or refuses"})
final class RulesPublishCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The rules file")
    private Path file = Path.of("");

    @Mixin
    private EtcdOptions etcd = new EtcdOptions();

    @Override
    public Integer call() {
        String text;
        Rules rules;
        try {
            text = ConfigFile.text(file);
            rules = Rules.parse(file.toString(), text, System.getenv());
        } catch (ConfigException e) {
            System.err.println("not published: " + e.getMessage());
            return 1;
        }
        rules.warnings().forEach(warning -> System.err.println("warning: " + warning));
        EtcdSettings settings = etcd.settings();
        long revision = PublishedText.publish(settings, PublishedText.RULES, text);
        System.out.println("published " + PublishedText.fullKey(settings, PublishedText.RULES) + " at revision "
                + revision + ", fingerprint " + rules.fingerprint());
        return 0;
    }
}
