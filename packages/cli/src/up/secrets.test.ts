import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { platformSecrets, type KeptValues } from "./secrets.ts";
import { openWorkspace } from "./workspace.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-secrets-"));
after(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(join(folder, "pay"));
writeFileSync(
  join(folder, "platform.yaml"),
  `
apiVersion: fairway.dev/v1
kind: Platform
metadata: { name: small }
spec: { environments: [{ name: dev }] }
`,
);
writeFileSync(
  join(folder, "pay/service.yaml"),
  `
apiVersion: fairway.dev/v1
kind: Service
metadata: { name: pay, owner: team-pay }
spec:
  language: typescript
  http: { port: 8080 }
  needs: { secrets: [{ name: bank, env: { BANK_KEY: key, BANK_SALT: salt } }] }
`,
);

test("a value that was given once stays, as one that was made up does, until another is given", async () => {
  const workspace = await openWorkspace(folder);
  const after = (known: KeptValues, given: Readonly<Record<string, string>>): KeptValues =>
    platformSecrets(workspace, {
      environment: "dev",
      known,
      given: new Map(Object.entries(given)),
      databaseUrl: () => assert.fail("it needs none"),
    }).kept;
  const first = after({}, { "bank/key": "mine" });
  assert.equal(first["bank/key"], "mine");
  assert.deepEqual(after(first, {}), first);
  assert.deepEqual(after(first, { "bank/key": "another" }), { ...first, "bank/key": "another" });
});
