import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { ConfigError, loadConfig, serviceConfig } from "./config.ts";
import { t } from "../schema.ts";

const schema = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "where the orders are" }),
  POOL: t.Integer({ default: 10, minimum: 1 }),
  FAST: t.Optional(t.Boolean()),
  ORIGINS: t.Optional(t.Array(t.String())),
});

test("values come converted, defaults are filled in, empty counts as absent", () => {
  const config = loadConfig(schema, {
    DATABASE_URL: "postgres://x",
    PORT: "81",
    FAST: "true",
    ORIGINS: "a,b",
    POOL: "",
  });
  assert.equal(config.PORT, 81);
  assert.equal(config.POOL, 10);
  assert.equal(config.FAST, true);
  assert.deepEqual(config.ORIGINS, ["a", "b"]);
  assert.equal(config.LOG_LEVEL, "info");
});

test("every problem is listed at once, with what was found and what it is for", () => {
  assert.throws(
    () => loadConfig(schema, { PORT: "eighty", POOL: "0", FAST: "yes", AUTH_JWKS_URL: "not an address" }),
    (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(error.problems.map((each) => each.split(" ")[0]).toSorted(), [
        "AUTH_JWKS_URL",
        "DATABASE_URL",
        "FAST",
        "POOL",
        "PORT",
      ]);
      assert.match(error.message, /PORT must be integer; found "eighty"/);
      assert.match(error.message, /DATABASE_URL is missing \(where the orders are\)/);
      return true;
    },
  );
});

test("a value that may hold a secret is not repeated", () => {
  assert.throws(
    () => loadConfig(serviceConfig({ API_KEY: t.String({ maxLength: 3 }) }), { API_KEY: "hunter2" }),
    (error) => error instanceof ConfigError && !error.message.includes("hunter2"),
  );
});

test("a secret may come as a file, and a missing file is one problem", () => {
  const folder = mkdtempSync(join(tmpdir(), "kit-config-"));
  writeFileSync(join(folder, "url"), "postgres://from-file\n");
  assert.equal(loadConfig(schema, { DATABASE_URL_FILE: join(folder, "url") }).DATABASE_URL, "postgres://from-file");
  rmSync(folder, { recursive: true });
  assert.throws(
    () => loadConfig(schema, { DATABASE_URL_FILE: "/nowhere/url" }),
    (error) => error instanceof ConfigError && error.problems.length === 1 && /ENOENT/.test(error.message),
  );
});
