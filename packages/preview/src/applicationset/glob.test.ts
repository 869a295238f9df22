import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileMatch, looseMatch, pathMatch, pathspecMatch } from "./glob.ts";

type Row = readonly [pattern: string, path: string, matches: boolean];

const tables: Readonly<Record<string, readonly [(pattern: string) => (path: string) => boolean, readonly Row[]]>> = {
  "path.Match": [
    pathMatch,
    [
      ["abc", "abc", true],
      ["*", "abc", true],
      ["*c", "abc", true],
      ["a*", "ab/c", false],
      ["a*/b", "abc/b", true],
      ["a*/b", "a/c/b", false],
      ["ab[b-d]", "abc", true],
      ["ab[e-g]", "abc", false],
      ["ab[^c]", "abc", false],
      ["ab[^e-g]", "abc", true],
      [String.raw`a\*b`, "a*b", true],
      [String.raw`a\*b`, "ab", false],
      ["a?b", "a☺b", true],
      ["a[^a]b", "a/b", false],
      ["a?b", "a/b", false],
      ["[", "a", false],
      ["[z-a]", "b", false],
      ["{a,b}", "a", false],
      ["{a,b}", "{a,b}", true],
      ["a**/b", "a/x/b", false],
    ],
  ],
  "value files": [
    fileMatch,
    [
      ["/envs/*.yaml", "envs/a.yaml", true],
      ["envs/*.yaml", "envs/x/a.yaml", false],
      ["envs/**/a.yaml", "envs/a.yaml", true],
      ["envs/**/a.yaml", "envs/x/y/a.yaml", true],
      ["envs/{dev,prod}.yaml", "envs/prod.yaml", true],
      ["envs/{dev,prod", "envs/{dev,prod", false],
    ],
  ],
  "directory sources": [
    looseMatch,
    [
      ["*.yaml", "a/b.yaml", true],
      ["env-*/**", "env-a/b/c.yaml", true],
      ["{config.yaml,env-usw2/*}", "env-usw2/a.yaml", true],
      ["{config.yaml,env-usw2/*}", "env-use2/a.yaml", false],
      ["a?b", "a/b", true],
    ],
  ],
  "pathspecs of Git": [
    pathspecMatch,
    [
      ["c/*.json", "c/d/e.json", true],
      ["c/**/config.json", "c/x/config.json", true],
      ["c/**/config.json", "c/config.json", false],
      ["./c/a.json", "c/a.json", true],
      ["c", "c/d/e.json", true],
      ["c/", "c/d/e.json", true],
      ["c", "cd/e.json", false],
      ["{a,b}.json", "a.json", false],
    ],
  ],
};

for (const [name, [matcher, rows]] of Object.entries(tables)) {
  describe(`patterns of ${name}`, () => {
    for (const [pattern, path, matches] of rows) {
      it(`${pattern} ${matches ? "selects" : "leaves out"} ${path}`, () =>
        assert.equal(matcher(pattern)(path), matches));
    }
  });
}
