import { loadConfig, noBody, route, runService, serviceConfig, t } from "@fairway/kit";

const entered = Promise.withResolvers<void>();
const shared = { method: "GET", summary: "", access: "public" } as const;

await runService((env) => ({
  name: "sleepy",
  version: "1.0.0",
  config: loadConfig(serviceConfig({}), env),
  routes: [
    route({
      ...shared,
      path: "/sleep",
      responses: { 200: t.String() },
      handler: async () => {
        entered.resolve();
        await new Promise((resolve) => process.once("SIGTERM", resolve));
        return { status: 200, body: "awake" };
      },
    }),
    route({
      ...shared,
      path: "/forever",
      responses: { 204: noBody },
      handler: () => {
        entered.resolve();
        return new Promise<never>(() => undefined);
      },
    }),
    route({
      ...shared,
      path: "/entered",
      responses: { 204: noBody },
      handler: async () => {
        await entered.promise;
        return { status: 204 };
      },
    }),
  ],
}));
