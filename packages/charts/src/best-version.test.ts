import assert from "node:assert/strict";
import { test } from "node:test";
import { bestVersion } from "./best-version.ts";
import { archiveOf, indexYaml } from "./tests/chart-world.ts";
import { serve } from "./tests/loopback-server.ts";
import { helmProgram, missingPrograms, newHelm } from "./tests/real-programs.ts";

const released = ["0.9.0", "1.0.0", "1.2.0", "1.2.10", "1.2.9", "1.10.0", "2.0.0-alpha.1", "2.0.0-rc.2", "2.0.0-rc.10"];
const onlyEarly = ["0.1.0-beta.2", "0.1.0-beta.10"];
const odd = ["v1.0.0", "1.1.0+build.5", "3.0.0-rc.1+meta", "0.0.0"];

/** What real Helm 4.1 took; the test below asks it again where it is at hand. */
const expectations: readonly (readonly [versions: readonly string[], constraint: string, best: string | undefined])[] =
  [
    [released, "", "1.10.0"],
    [released, "*", "1.10.0"],
    [released, ">0.0.0-0", "2.0.0-rc.10"],
    [released, "1.2.9", "1.2.9"],
    [released, "=1.2.9", "1.2.9"],
    [released, "v1.2.9", "1.2.9"],
    [released, "1.2", "1.2.10"],
    [released, "1", "1.10.0"],
    [released, "1.x", "1.10.0"],
    [released, "~1.2.0", "1.2.10"],
    [released, "~1.2.0-0", "1.2.10"],
    [released, "^1.0.0", "1.10.0"],
    [released, "^1", "1.10.0"],
    [released, "^0.9", "0.9.0"],
    [released, ">=1.0 <1.10", "1.2.10"],
    [released, ">=1.0, <1.2.9", "1.2.0"],
    [released, "1.0.0 - 1.2.9", "1.2.9"],
    [released, "~0.9 || ^2.0.0-0", "2.0.0-rc.10"],
    [released, ">=2.0.0", undefined],
    [released, ">=2.0.0-0", "2.0.0-rc.10"],
    [released, "^2.0.0-rc.1", "2.0.0-rc.10"],
    [released, "2.0.0-rc.2", "2.0.0-rc.2"],
    [released, "<=2.0.0-beta", "2.0.0-alpha.1"],
    [released, "!=1.10.0", "1.2.10"],
    [released, "3.0.0", undefined],
    [released, "not a constraint", undefined],
    [onlyEarly, "", undefined],
    [onlyEarly, "*", undefined],
    [onlyEarly, "*-0", "0.1.0-beta.10"],
    [onlyEarly, ">=0.1.0-beta.3", "0.1.0-beta.10"],
    [onlyEarly, "0.1.0-beta.2", "0.1.0-beta.2"],
    [odd, "", "1.1.0+build.5"],
    [odd, "1.0.0", "v1.0.0"],
    [odd, "1.0", "v1.0.0"],
    [odd, "1.1.0+build.5", "1.1.0+build.5"],
    [odd, "1.1.0+build.9", "1.1.0+build.5"],
    [odd, "1.1", "1.1.0+build.5"],
    [odd, "<1.0.0", "0.0.0"],
    [odd, ">=3.0.0-0", "3.0.0-rc.1+meta"],
    [[], "", undefined],
    [["latest", "1.0.0", "not-one"], "*", "1.0.0"],
  ];

for (const [versions, constraint, best] of expectations) {
  test(`"${constraint}" of ${versions.join(" ")} is ${best ?? "none"}`, () => {
    assert.equal(bestVersion(constraint, versions), best);
    assert.equal(bestVersion(constraint, versions.toReversed()), best, "in whatever order they are listed");
  });
}

test("real Helm takes the same versions", { skip: missingPrograms([helmProgram, "version"]) }, async (t) => {
  const helm = newHelm(t);
  const lists = [...new Set(expectations.map(([versions]) => versions))].filter((versions) => versions.length > 0);
  const server = await serve(t, ({ path }) => {
    const [, list = "", file = ""] = path.split("/");
    const rows = (lists[Number(list)] ?? []).map((version) => ({ version, digest: false as const }));
    if (file === "index.yaml") return { body: indexYaml(rows) };
    return { body: archiveOf(file) };
  });
  const differences: string[] = [];
  for (const [versions, constraint, best] of expectations) {
    if (versions.length === 0) continue;
    server.seen.length = 0;
    const args = ["pull", "shop", "--repo", `${server.origin}/${lists.indexOf(versions)}`, "--destination", helm.home];
    // Its end does not matter: the archives are none. What it asked for does.
    await helm.run(...args, ...(constraint === "" ? [] : ["--version", constraint])).catch(() => undefined);
    const archive = server.seen.map((each) => /shop-(.*)\.tgz$/.exec(decodeURIComponent(each.path))?.[1]).find(Boolean);
    if (archive !== best) differences.push(`"${constraint}" of ${versions.join(" ")}: ${archive}, not ${best}`);
  }
  assert.deepEqual(differences, []);
});
