package service;

public final class Main {
    public static void main(String[] arguments) {
        Config config = Config.read(System.getenv());
        new Server(Routes.ALL, config, new Log(config.logLevel())).run();
    }
}
