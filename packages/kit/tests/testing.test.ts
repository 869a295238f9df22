import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccess, createTestTokens, fuzzService, noBody, problem, route, t } from "@fairway/kit";
import { demo, demoRoutes } from "./demo-service.ts";

const tokens = createTestTokens();
const tokenFor = (roles: readonly string[]): string => tokens.tokenFor("01900000-0000-7000-8000-0000000000aa", roles);
const shared = { method: "GET", summary: "", responses: { 204: noBody } } as const;

test("the fuzzer finds what breaks, what shows the inside and what is not declared", async () => {
  const routes = [
    route({
      ...shared,
      path: "/breaks",
      query: t.Object({ name: t.String() }),
      access: "public",
      handler: ({ query }) => {
        if (query.name.length > 200) throw new Error("too long for the database");
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      path: "/leaks",
      access: "public",
      handler: () => {
        throw problem(400, "SQLSTATE 42601");
      },
    }),
    route({
      ...shared,
      path: "/surprises",
      access: "public",
      handler: () => {
        throw problem(418);
      },
    }),
  ];
  const { failures } = await fuzzService(demo({ routes }).service, { seed: 1, rounds: 200, tokenFor });
  const found = (path: string, text: RegExp) => failures.some((each) => each.includes(path) && text.test(each));
  assert.ok(found("/breaks", /answered 500/));
  assert.ok(found("/leaks", /shows the inside/));
  assert.ok(found("/surprises", /does not declare/));
});

test("the kit itself stands the fuzzer, and good requests are among what it sends", async () => {
  const routes = demoRoutes.filter((each) => ["/items/{id}", "/items", "/page"].includes(each.path));
  const report = await fuzzService(demo({ routes }).service, { seed: 7, rounds: 400, tokenFor });
  assert.deepEqual(report.failures, []);
  assert.deepEqual(report.reached.toSorted(), ["GET /items/{id}", "GET /page", "POST /items"]);
  assert.ok((report.statuses["400"] ?? 0) > 100 && (report.statuses["201"] ?? 0) > 50);
});

test("the check of access finds a route that looks at its caller less closely than it says", async () => {
  const sloppy = { verify: async (token: string) => ({ subject: "x", roles: ["admin"], token }) };
  const routes = [
    route({ ...shared, path: "/admin", access: { roles: ["admin"] }, handler: () => ({ status: 204 }) }),
    route({ ...shared, path: "/mine", access: "authenticated", handler: () => ({ status: 204 }) }),
  ];
  const good = await checkAccess(demo({ routes, tokens: tokens.verifier }).service, tokens);
  assert.deepEqual(good.failures, []);
  assert.ok(good.requests >= 18);
  const bad = await checkAccess(demo({ routes, tokens: sloppy }).service, tokens);
  assert.ok(bad.failures.some((each) => each.includes("GET /admin with a token: forged: 204, and not 401")));
});
