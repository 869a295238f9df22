import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HelmError } from "./errors.ts";
import { parseTemplateArguments } from "./template-flags.ts";

function refused(args: readonly string[], message: RegExp, code: string): void {
  assert.throws(
    () => parseTemplateArguments(args),
    (error) => {
      assert.ok(error instanceof HelmError);
      assert.match(error.message, message);
      assert.equal(error.code, code);
      return true;
    },
  );
}

describe("the arguments of template", () => {
  test("are a chart, or a name and a chart", () => {
    const alone = parseTemplateArguments(["./chart"]);
    assert.equal(alone.releaseName, "release-name");
    assert.equal(alone.chart.reference, "./chart");
    const named = parseTemplateArguments(["shop", "oci://example.com/chart", "--version", "1.2.3"]);
    assert.equal(named.releaseName, "shop");
    assert.equal(named.chart.version, "1.2.3");
    refused([], /requires at least 1 argument/u, "usage");
    refused(["a", "b", "c", "d"], /expected at most two arguments, unexpected arguments: c, d/u, "usage");
  });

  test("take flags anywhere, in each of their spellings", () => {
    const request = parseTemplateArguments(
      "-f a.yaml shop --values=b.yaml,c.yaml chart -nprod -f=d.yaml --include-crds --set x=1,y=2 --set z=3".split(" "),
    );
    assert.deepEqual(request.valuesFiles, ["a.yaml", "b.yaml", "c.yaml", "d.yaml"]);
    assert.deepEqual(request.set, ["x=1,y=2", "z=3"]);
    assert.equal(request.namespace, "prod");
    assert.equal(request.includeCrds, true);
    assert.equal(parseTemplateArguments(["c", "--include-crds=false"]).includeCrds, false);
    assert.deepEqual(parseTemplateArguments(["--", "--chart"]).chart.reference, "--chart");
  });

  test("may have quoted commas in lists", () => {
    assert.deepEqual(parseTemplateArguments(["c", "-a", '"a,b",c']).apiVersions, ["a,b", "c"]);
  });

  test("with a flag that helm does not have are refused", () => {
    refused(["c", "--sets", "x"], /^unknown flag: --sets$/u, "usage");
    refused(["c", "-x"], /^unknown shorthand flag: 'x' in -x$/u, "usage");
    refused(["c", "--set"], /^flag needs an argument: --set$/u, "usage");
    refused(["c", "-f"], /^flag needs an argument: 'f' in -f$/u, "usage");
    refused(["c", "--include-crds=perhaps"], /invalid argument "perhaps" for "--include-crds" flag/u, "usage");
  });

  test("that need a cluster or another program are refused by name", () => {
    for (const flag of ["--validate", "--post-renderer=x", "--enable-dns", "--verify", "--dry-run=server"]) {
      refused(["c", flag], new RegExp(flag.split("=")[0] ?? "", "u"), "unsupported");
    }
    assert.equal(parseTemplateArguments(["c", "--dry-run"]).chart.reference, "c");
    refused(["c", "--dry-run=none"], /invalid dry-run value \("none"\)/u, "usage");
  });

  test("name the release in one way only", () => {
    refused(["n", "c", "--name-template", "x"], /cannot set --name-template and also specify a name/u, "usage");
    refused(["n", "c", "--generate-name"], /cannot set --generate-name and also specify a name/u, "usage");
  });
});
