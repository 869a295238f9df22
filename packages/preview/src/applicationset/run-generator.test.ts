import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { helmFunctionTable } from "@fairway/helm";
import { decode } from "@fairway/yaml";
import { SteadyEnvironment } from "../source/steady-environment.ts";
import { snapshotOf, type Files } from "../tests/memory-world.ts";
import { generatorCases, type GeneratorCase } from "./data/generator-cases.ts";
import type { Parameters } from "./parameters.ts";
import { runGenerator } from "./run-generator.ts";
import { applicationSetFunctions } from "./set-functions.ts";
import { goTemplate, plainTemplate } from "./text-template.ts";

const functions = applicationSetFunctions(helmFunctionTable(new SteadyEnvironment().restart("test")));

function run({ generator, files = {}, clusters = [], pullRequests = [], isGo = false, options = [] }: GeneratorCase) {
  const snapshot = snapshotOf(typeof files === "string" ? foldersWithFile(files) : files);
  const template = isGo ? goTemplate({ functions, options }) : plainTemplate;
  const world = { repository: () => snapshot, clusters, pullRequests };
  return runGenerator(decode(generator) as never, { template, world }).parameters;
}

/** A file in each of these folders. */
function foldersWithFile(folders: string): Files {
  return Object.fromEntries(folders.split(" ").map((folder) => [`${folder}/file.txt`, ""]));
}

describe("generators give what Argo CD's own tests expect", () => {
  for (const each of generatorCases) {
    it(each.name, () => {
      if (each.error) assert.throws(() => run(each), each.error);
      else assert.deepEqual(run(each), decode(each.gives ?? "[]"));
    });
  }
});

describe("limits of generators", () => {
  const nested = (depth: number): string =>
    depth === 0
      ? "{list: {elements: [{a: x}]}}"
      : `{matrix: {generators: [${nested(depth - 1)}, {list: {elements: [{b${depth}: x}]}}]}}`;

  it("stop what is nested too deeply", () => {
    const found: readonly Parameters[] = run({ name: "", generator: nested(4) });
    assert.equal(found.length, 1);
    assert.throws(() => run({ name: "", generator: nested(5) }), /nested more than 4 deep/);
  });

  it("stop a matrix that multiplies without measure", () => {
    const many = (name: string) =>
      `{list: {elements: [${Array.from({ length: 101 }, (_, index) => `{${name}: x${index}}`).join(", ")}]}}`;
    assert.throws(
      () => run({ name: "", generator: `{matrix: {generators: [${many("a")}, ${many("b")}]}}` }),
      /a matrix generator gives 10201 parameter sets; 10000 at most/,
    );
  });
});
