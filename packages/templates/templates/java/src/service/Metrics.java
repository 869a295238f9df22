package service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** By route, never by path: a stranger can't make series. */
final class Metrics {
    private static final String NAME = "http_server_request_duration_seconds";
    private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 10};
    private static final int PAGE_BYTES = 4096;
    private final Map<String, Series> series = new TreeMap<>();

    private static final class Series {
        final long[] counts = new long[BOUNDS.length];
        long count;
        double sum;
    }

    synchronized void observe(String method, String route, int status, double seconds) {
        String labels = "method=\"" + method + "\",route=\"" + route + "\",status=\"" + status + "\"";
        Series found = series.computeIfAbsent(labels, ignored -> new Series());
        found.count++;
        found.sum += seconds;
        for (int i = 0; i < BOUNDS.length; i++) if (seconds <= BOUNDS[i]) found.counts[i]++;
    }

    /** The text that Prometheus reads. */
    synchronized String exposition() {
        StringBuilder out = new StringBuilder("# HELP " + NAME + " Time from request to answer.\n# TYPE " + NAME + " histogram\n");
        series.forEach((labels, each) -> {
            for (int i = 0; i < BOUNDS.length; i++) line(out, NAME + "_bucket{" + labels + ",le=\"" + BOUNDS[i] + "\"}", each.counts[i]);
            line(out, NAME + "_bucket{" + labels + ",le=\"+Inf\"}", each.count);
            line(out, NAME + "_sum{" + labels + "}", each.sum);
            line(out, NAME + "_count{" + labels + "}", each.count);
        });
        out.append("# TYPE process_cpu_seconds_total counter\n");
        line(out, "process_cpu_seconds_total", cpuSeconds());
        out.append("# TYPE process_resident_memory_bytes gauge\n");
        line(out, "process_resident_memory_bytes", residentBytes());
        return out.toString();
    }

    private static void line(StringBuilder out, String name, Object value) {
        out.append(name).append(' ').append(value).append('\n');
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(0.0);
    }

    private static long residentBytes() {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES;
        } catch (IOException | RuntimeException elsewhere) {
            return Runtime.getRuntime().totalMemory();
        }
    }
}
