package io.sluice.loader;

import java.util.Map;

/**
 * Makes the loaders of groups that name it: {@code loader: weather} in the rules file finds the provider whose name is
 * {@code weather}. Found by {@link java.util.ServiceLoader}: name the class in
 * {@code META-INF/services/io.sluice.loader.ValueLoaderProvider} of its jar, and put the jar where the node's
 * {@code loads.jars} says, or on its class path.
 *
 * <p>Has a public constructor without parameters, which does no work.
 */
public interface ValueLoaderProvider {
    /** The name that groups choose this provider by; unique in a node. */
    String name();

    /**
     * Makes the loader of one group; called once, when the node starts.
     *
     * @param group the group's name
     * @param settings what the group declares as {@code settings}
     * @throws IllegalArgumentException when the settings will not do; the message says what to do
     */
    ValueLoader open(String group, Map<String, String> settings);
}
