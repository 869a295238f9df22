import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { contextOf, copiedPaths } from "./build-context.ts";

const root = mkdtempSync(join(tmpdir(), "fairway-context-"));
after(() => rmSync(root, { recursive: true, force: true }));

test("what a Dockerfile copies from its context is read, whichever way it is written", () => {
  const text = `FROM node AS build
COPY package.json package-lock.json ./
copy --chown=0:0 src \\
  out
COPY ["a b.txt", "/x/"]
ADD https://example.com/file /file
COPY --from=build /app/dist dist
COPY packages/*/package.json ./
`;
  assert.deepEqual(copiedPaths(text), ["package.json", "package-lock.json", "src", "a b.txt", "packages/"]);
});

test("a Dockerfile that copies what only the repository has is built from the repository", () => {
  const folder = join(root, "services/orders");
  mkdirSync(join(folder, "src"), { recursive: true });
  writeFileSync(join(root, "package-lock.json"), "{}");
  const own = join(folder, "Dockerfile");
  writeFileSync(own, "FROM scratch\nCOPY src /src\n");
  assert.equal(contextOf(own, folder, root), folder);
  writeFileSync(own, "FROM scratch\nCOPY package-lock.json ./\nCOPY services/orders/src /src\n");
  assert.equal(contextOf(own, folder, root), root);
});
