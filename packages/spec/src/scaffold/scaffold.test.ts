import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFiles } from "../check-files.ts";
import { languages } from "../model/service.ts";
import { isSpecFile } from "../read/spec-file.ts";
import { scaffoldPlatform, scaffoldService } from "./scaffold.ts";

test("a new platform with a service of each language has nothing wrong with it", () => {
  const services = languages.flatMap((language) =>
    scaffoldService({ name: `a-${language}`, language, owner: "team-a" }),
  );
  const files = [...scaffoldPlatform({ name: "shop" }), ...services].filter((file) => isSpecFile(file.path));
  const checked = checkFiles(files.map(({ path, text }) => ({ path, bytes: Buffer.from(text) })));
  assert.deepEqual(checked.problems, []);
  assert.equal(checked.services.length, languages.length);
  assert.equal(checked.platform?.metadata.name, "shop");
});
