package service;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One JSON object a line on stdout, where the platform collects it. */
final class Log {
    static final List<String> LEVELS = List.of("debug", "info", "warn", "error");
    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private final int least;

    Log(String least) {
        this.least = LEVELS.indexOf(least);
    }

    /** Fields are names and values in turn. */
    void write(String level, String message, Object... fields) {
        if (LEVELS.indexOf(level) < least) return;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("level", level);
        line.put("message", message);
        for (int i = 0; i + 1 < fields.length; i += 2) line.put(String.valueOf(fields[i]), fields[i + 1]);
        System.out.println(Json.write(line));
    }

    /** The trace of a W3C traceparent, or a new one. */
    static String traceId(String traceparent) {
        Matcher found = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        if (found.matches() && !found.group(1).matches("0+")) return found.group(1);
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
