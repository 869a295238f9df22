import { readConfig } from "./config.ts";
import { routes } from "./routes.ts";
import { run } from "./server.ts";

run(routes, readConfig(process.env));
