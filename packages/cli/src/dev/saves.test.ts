import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Saves } from "./saves.ts";

describe("saves", () => {
  let root: string;
  let saves: Saves;
  const { signal } = new AbortController();
  const write = (path: string): string => {
    const whole = join(root, path);
    writeFileSync(whole, "");
    return whole;
  };
  /** Several steps of one change may be heard one after the other. */
  const heard = async (path: string): Promise<void> => {
    for (;;) {
      const save = await saves.next(signal);
      if (save?.paths.includes(path)) return;
    }
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fairway-saves-"));
    for (const folder of ["services/one/src", "services/two/node_modules/x", "docs"]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    write("platform.yaml");
    write("services/two/service.yaml");
    saves = new Saves({
      sources: [join(root, "services/one")],
      root,
      services: ["services/one", "services/two"],
    });
  });

  afterEach(() => {
    saves.close();
    rmSync(root, { recursive: true, force: true });
  });

  test("of sources, of platform.yaml and of every service's description are heard", async () => {
    for (const path of ["services/one/src/main.ts", "platform.yaml", "services/two/service.yaml"]) {
      await heard(write(path));
    }
  });

  test("of a service that is new, also below new folders, and again after that", async () => {
    mkdirSync(join(root, "more/three"), { recursive: true });
    await heard(write("more/three/service.yaml"));
    await heard(write("more/three/service.yaml"));
  });

  test("a description that an editor puts in the place of the one before is heard, and so is one that goes", async () => {
    const path = join(root, "services/two/service.yaml");
    renameSync(write("services/two/service.yaml~"), path);
    await heard(path);
    rmSync(join(root, "services/two"), { recursive: true });
    await heard(path);
  });

  test("of other files of other services are none", async () => {
    write("services/two/main.ts");
    write("services/two/node_modules/x/service.yaml");
    write("docs/service.txt");
    const last = write("platform.yaml");
    assert.deepEqual((await saves.next(signal))?.paths, [last]);
  });
});
