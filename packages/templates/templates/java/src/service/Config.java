package service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

record Config(String host, int port, String logLevel, int shutdownSeconds) {
    /** From the environment; everything that is wrong with it is said at once. */
    static Config read(Map<String, String> env) {
        List<String> problems = new ArrayList<>();
        String level = env.getOrDefault("LOG_LEVEL", "info");
        if (!Log.LEVELS.contains(level)) {
            problems.add("LOG_LEVEL is \"" + level + "\", expected one of " + String.join(", ", Log.LEVELS));
        }
        Config config = new Config(
                env.getOrDefault("HOST", "0.0.0.0"),
                whole("PORT", env.getOrDefault("PORT", "8080"), 65_535, problems),
                level,
                whole("SHUTDOWN_SECONDS", env.getOrDefault("SHUTDOWN_SECONDS", "45"), 3_600, problems));
        if (!problems.isEmpty()) {
            System.err.println(String.join("\n", problems));
            System.exit(2);
        }
        return config;
    }

    private static int whole(String name, String text, int most, List<String> problems) {
        if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= most) return Integer.parseInt(text);
        problems.add(name + " is \"" + text + "\", expected a whole number up to " + most);
        return 0;
    }
}
