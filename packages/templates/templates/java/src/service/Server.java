package service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

final class Server {
    /** Larger bodies are refused with 413. */
    private static final int BODY_BYTES_MAX = 1024 * 1024;
    /** Threads are the limit of what is answered at the same time; others wait. */
    private static final int THREADS = 64;
    /** How long those get that are being answered when the last connection is closed. */
    private static final int DRAIN_SECONDS = 2;

    private final List<Route> routes;
    private final Config config;
    private final Log log;
    private final Metrics metrics = new Metrics();
    private final AtomicInteger active = new AtomicInteger();
    private volatile boolean isStopping;

    Server(List<Route> routes, Config config, Log log) {
        this.routes = routes;
        this.config = config;
        this.log = log;
    }

    /** Serves until SIGTERM: then it is no longer ready, finishes what it has begun, and ends with 0. */
    void run() {
        HttpServer server = bind();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        // A shutdown hook would end with 143: the platform would count every rollout as a failure.
        Signal.handle(new Signal("TERM"), signal -> new Thread(() -> stop(server, threads)).start());
        server.start();
        log.write("info", "listening", "host", config.host(), "port", config.port());
    }

    private HttpServer bind() {
        try {
            return HttpServer.create(new InetSocketAddress(config.host(), config.port()), 128);
        } catch (IOException error) {
            log.write("error", "can't listen on " + config.host() + ":" + config.port() + ": " + error.getMessage());
            System.exit(1);
            throw new IllegalStateException(error);
        }
    }

    private void stop(HttpServer server, ExecutorService threads) {
        log.write("info", "stopping");
        isStopping = true;
        server.stop(Math.max(DRAIN_SECONDS, active.get() > 0 ? config.shutdownSeconds() * 8 / 10 : 0));
        threads.shutdown();
        try {
            if (!threads.awaitTermination(1, TimeUnit.SECONDS)) log.write("warn", "requests were cut because the time for shutting down was over");
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        log.write("info", "stopped");
        System.exit(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        active.incrementAndGet();
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (isStopping) exchange.getResponseHeaders().set("connection", "close");
            boolean isGet = exchange.getRequestMethod().equals("GET");
            if (isGet && path.equals("/livez")) send(exchange, 200, "text/plain", "ok\n");
            else if (isGet && path.equals("/readyz")) send(exchange, isStopping ? 503 : 200, "text/plain", isStopping ? "stopping\n" : "ok\n");
            else if (isGet && path.equals("/metrics")) send(exchange, 200, "text/plain; version=0.0.4", metrics.exposition());
            else answer(exchange, path);
        } finally {
            active.decrementAndGet();
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        long started = System.nanoTime();
        String trace = Log.traceId(exchange.getRequestHeaders().getFirst("traceparent"));
        String method = exchange.getRequestMethod();
        String route = "(none)";
        int status;
        try {
            byte[] bytes = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
            if (bytes.length > BODY_BYTES_MAX) throw new Problem(413, "the body is larger than " + BODY_BYTES_MAX + " bytes");
            Route found = null;
            Map<String, String> params = null;
            for (Route each : routes) if (params == null && (params = each.match(method, path)) != null) found = each;
            if (found == null) throw new Problem(404, "there is no " + method + " " + path);
            route = found.path();
            Reply reply = found.handle().apply(new Request(params, exchange.getRequestURI().getRawQuery(), read(bytes)));
            status = reply.status();
            send(exchange, status, "application/json", reply.body() == null ? "" : Json.write(reply.body()));
        } catch (Problem problem) {
            status = problem.status;
            sendProblem(exchange, status, problem.getMessage());
        } catch (RuntimeException error) {
            status = 500;
            log.write("error", "a request failed", "trace_id", trace, "error", error.toString());
            sendProblem(exchange, status, "something went wrong here");
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        metrics.observe(method, route, status, seconds);
        log.write("debug", "request", "method", method, "path", path, "route", route, "status", status, "ms", seconds * 1000, "trace_id", trace);
    }

    private static Object read(byte[] bytes) {
        if (bytes.length == 0) return null;
        try {
            return Json.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException error) {
            throw new Problem(400, "the body is not JSON");
        }
    }

    private static void sendProblem(HttpExchange exchange, int status, String title) throws IOException {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("status", status);
        problem.put("title", title);
        send(exchange, status, "application/problem+json", Json.write(problem));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 || exchange.getRequestMethod().equals("HEAD") ? -1 : bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) exchange.getResponseBody().write(bytes);
    }
}
