package service;

import java.util.Map;

/** Run with {@code java -ea}; an assertion that fails ends it. */
final class RoutesTest {
    public static void main(String[] arguments) {
        greetsByName();
        refusesAGreetingWithoutAName();
        readsWhatItWrites();
        System.out.println("3 tests passed");
    }

    private static void greetsByName() {
        Route route = Routes.ALL.get(0);
        Map<String, String> params = route.match("GET", "/greetings/ann%20b");
        Reply reply = route.handle().apply(new Request(params, null, null));
        assert reply.equals(new Reply(200, Map.of("message", "Hello, ann b"))) : reply;
    }

    private static void refusesAGreetingWithoutAName() {
        try {
            Routes.ALL.get(1).handle().apply(new Request(Map.of(), null, Map.of()));
        } catch (Problem problem) {
            assert problem.status == 400 : problem.status;
            return;
        }
        throw new AssertionError("nothing was refused");
    }

    private static void readsWhatItWrites() {
        String text = "{\"a\":[1.0,\"\\u000a\\\"\",null,true],\"b\":{}}";
        assert Json.write(Json.read(text)).equals(text) : Json.write(Json.read(text));
    }

    private RoutesTest() {}
}
