package io.sluice.node.load;

import io.sluice.config.NearestName;
import io.sluice.loader.ValueLoader;
import io.sluice.loader.ValueLoaderProvider;
import io.sluice.mapping.LoaderChoice;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The loaders that others have written, by name: those in the jars of one directory and those on the node's class path.
 * Used by one thread, at start; whatever is wrong is an IllegalArgumentException that says what to do.
 */
public final class LoaderProviders implements AutoCloseable {
    private final @Nullable URLClassLoader jars;
    private final Map<String, ValueLoaderProvider> byName = new TreeMap<>();

    private LoaderProviders(@Nullable URLClassLoader jars) {
        this.jars = jars;
    }

    /** Finds them; {@code directory} is null where there are no jars beside the class path. */
    public static LoaderProviders find(@Nullable Path directory) {
        ClassLoader own = LoaderProviders.class.getClassLoader();
        URLClassLoader jars = directory == null
                ? null
                : new URLClassLoader("loaders", urls(directory).toArray(URL[]::new), own);
        LoaderProviders providers = new LoaderProviders(jars);
        try {
            for (ValueLoaderProvider provider :
                    ServiceLoader.load(ValueLoaderProvider.class, jars == null ? own : jars)) {
                providers.add(provider);
            }
        } catch (ServiceConfigurationError e) {
            providers.close();
            throw new IllegalArgumentException(
                    "A loader cannot be made: " + e.getMessage()
                            + "; correct META-INF/services/io.sluice.loader.ValueLoaderProvider of its jar",
                    e);
        } catch (RuntimeException e) {
            providers.close();
            throw e;
        }
        return providers;
    }

    private void add(ValueLoaderProvider provider) {
        ValueLoaderProvider other = byName.putIfAbsent(provider.name(), provider);
        if (other != null) {
            throw new IllegalArgumentException("There are two loaders named " + provider.name() + ": "
                    + other.getClass().getName() + " and " + provider.getClass().getName()
                    + "; remove one of their jars");
        }
    }

    private static List<URL> urls(Path directory) {
        List<URL> urls = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
            for (Path jar : jars) {
                urls.add(jar.toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("A jar in " + directory + " has no URL: rename it", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "loads.jars is " + directory + ", which cannot be listed: make the directory, or correct the path",
                    e);
        }
        return urls;
    }

    /** Opens the loader of a group. */
    ValueLoader open(String group, LoaderChoice choice) {
        ValueLoaderProvider provider = byName.get(choice.name());
        if (provider == null) {
            throw new IllegalArgumentException("groups." + group + ".loader names " + choice.name() + ", and "
                    + (byName.isEmpty()
                            ? "there are no loaders: put its jar into the directory that loads.jars names"
                            : NearestName.of(choice.name(), byName.keySet())
                                    .map(near -> "there is none; did you mean " + near + "?")
                                    .orElse("there is none; there are " + String.join(", ", byName.keySet()))));
        }
        try {
            return provider.open(group, choice.settings());
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException(
                    "groups." + group + ": loader " + choice.name() + " does not open: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (jars != null) {
            try {
                jars.close();
            } catch (IOException e) {
                throw new IllegalStateException("The jars of loaders could not be closed", e);
            }
        }
    }
}
