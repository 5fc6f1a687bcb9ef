package io.sluice.devstack;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The class path of a server that runs in a JVM of its own. The build writes it into a resource of the module that
 * launches the server ({@code META-INF/sluice/<module>.classpath}: the jars in Maven's local repository); that module's
 * own jar or class directory, found by where the resource lies, comes first. So it works from a build in progress and
 * from any class path that holds the module's jar. Stateless.
 */
final class ForeignClassPath {
    private ForeignClassPath() {}

    static String of(String module) {
        String resource = "/META-INF/sluice/" + module + ".classpath";
        URL url = ForeignClassPath.class.getResource(resource);
        if (url == null) {
            throw new DevstackException("The class path has no " + resource + ": build the project (mvn verify), and"
                    + " have sluice-" + module + " on the class path beside sluice-devstack");
        }
        try (InputStream in = url.openStream()) {
            String jars = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            for (String jar : jars.split(File.pathSeparator, -1)) {
                if (!Files.exists(Path.of(jar))) {
                    throw new DevstackException(jar + " is missing, with which sluice-" + module
                            + " was built: build the project again (mvn verify)");
                }
            }
            return home(url, resource) + File.pathSeparator + jars;
        } catch (IOException | URISyntaxException e) {
            throw new DevstackException("Cannot read " + url, e);
        }
    }

    private static Path home(URL url, String resource) throws IOException, URISyntaxException {
        URLConnection connection = url.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return Path.of(jar.getJarFileURL().toURI());
        }
        String text = url.toURI().toString();
        return Path.of(URI.create(text.substring(0, text.length() - resource.length() + 1)));
    }
}
