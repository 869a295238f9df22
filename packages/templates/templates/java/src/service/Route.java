package service;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A path such as {@code /greetings/{name}}. */
record Route(String method, String path, Function<Request, Reply> handle) {
    /** The values of the path's names, or null when it is another path. */
    Map<String, String> match(String givenMethod, String givenPath) {
        String[] wanted = path.split("/", -1);
        String[] given = givenPath.split("/", -1);
        if (!method.equals(givenMethod) || wanted.length != given.length) return null;
        Map<String, String> params = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) params.put(wanted[i].substring(1, wanted[i].length() - 1), decode(given[i]));
            else if (!wanted[i].equals(given[i])) return null;
        }
        return params;
    }

    private static String decode(String text) {
        try {
            // It decodes forms, where a plus is a space; in a path it is a plus.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException error) {
            throw new Problem(400, "the path can't be decoded");
        }
    }
}
