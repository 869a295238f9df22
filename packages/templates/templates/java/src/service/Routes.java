package service;

import java.util.List;
import java.util.Map;

/** What this service is for. Everything else in this folder is the same in every service. */
final class Routes {
    static final List<Route> ALL = List.of(
            new Route("GET", "/greetings/{name}", Routes::greet),
            new Route("POST", "/greetings", Routes::greetSomebody));

    private static Reply greet(Request request) {
        return new Reply(200, Map.of("message", "Hello, " + request.params().get("name")));
    }

    private static Reply greetSomebody(Request request) {
        if (request.body() instanceof Map<?, ?> body && body.get("name") instanceof String name && !name.isEmpty()) {
            return new Reply(201, Map.of("message", "Hello, " + name));
        }
        throw new Problem(400, "the body needs a name");
    }

    private Routes() {}
}
