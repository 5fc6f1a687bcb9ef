package io.sluice.cli;

import static java.util.Objects.requireNonNullElse;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. Stateless. */
final class SluiceVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = SluiceMain.class.getPackage().getImplementationVersion();
        return new String[] {"sluice " + requireNonNullElse(version, "(not from a jar)")};
    }
}
