import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readCorpus } from "./corpus.ts";
import { readRecording } from "./recording.ts";
import type { RequestStep, Scenario } from "./scenario.ts";

const corpus = readCorpus();

/** What can be made, and what can be listed, by the discovery of the real server. */
const kinds = kindsOf(readRecording("scenarios/discovery"));

describe("the corpus", () => {
  test("has at least 250 scenarios and 400 invalid objects", () => {
    const invalid = corpus.filter(({ file, title }) => file.startsWith("invalid/") && title !== "the object itself");
    const stories = new Set(corpus.filter(({ file }) => file.startsWith("scenarios/")).map(placeOf));
    assert.ok(stories.size >= 250, `${stories.size} scenarios`);
    assert.ok(invalid.length >= 400, `${invalid.length} invalid objects`);
  });

  test("is recorded whole, and nothing else is", () => {
    for (const [file, members] of Map.groupBy(corpus, (scenario) => scenario.file)) {
      const titles = members.map(({ title }) => title);
      assert.deepEqual(Object.keys(readRecording(file)), titles, file);
    }
  });

  test("asks for the smallest object of every kind that can be made", () => {
    const asked = new Set(requests("scenarios/defaults", "POST").map(({ path }) => collectionOf(path)));
    assert.deepEqual(
      kinds.filter(({ verbs, path }) => verbs.includes("create") && !asked.has(path)).map(({ path }) => path),
      [],
    );
  });

  test("asks for the columns of every kind that is kept", () => {
    const tables = requests("scenarios/tables", "GET").filter(({ headers }) =>
      headers.some(([, value]) => value.includes("as=Table")),
    );
    const asked = new Set(tables.map(({ path }) => collectionOf(path)));
    assert.deepEqual(
      kinds.filter(({ verbs, path }) => verbs.includes("create") && verbs.includes("list") && !asked.has(path)),
      [],
    );
  });

  test("keeps no sentence of a description", () => {
    for (const file of new Set(corpus.map((scenario) => scenario.file))) {
      for (const text of descriptionsOf(readRecording(file)))
        assert.ok(["", "(text)"].includes(text) || sourceOf(file).includes(text), `${file}: ${text}`);
    }
  });
});

function requests(file: string, method: string): readonly RequestStep[] {
  const steps = corpus.filter((scenario) => scenario.file === file).flatMap((scenario) => scenario.steps);
  return steps.filter((step) => step.kind === "request").filter((step) => step.method === method);
}

/** `/apis/apps/v1/deployments` */
function collectionOf(path: string): string {
  const [address = ""] = path.split("?", 1);
  return address.replace("/namespaces/$ns/", "/");
}

/** A scenario that is told with several versions of kubectl is one. */
function placeOf({ file, line }: Scenario): string {
  return `${file}:${line}`;
}

interface Kind {
  readonly path: string;
  readonly verbs: readonly string[];
}

interface Discovery {
  readonly body: { readonly items: readonly DiscoveredGroup[] };
}

interface DiscoveredGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources: readonly { readonly resource: string; readonly verbs: readonly string[] }[];
  }[];
}

function kindsOf(recording: Readonly<Record<string, unknown>>): readonly Kind[] {
  const titles = ["aggregated discovery", "aggregated discovery of core"];
  const groups = titles.flatMap((title) =>
    (recording[title] as readonly Discovery[]).flatMap(({ body }) => body.items),
  );
  return groups.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map(({ resource, verbs }) => {
        const group = metadata?.name ?? "";
        return { path: `${group === "" ? "/api" : `/apis/${group}`}/${version}/${resource}`, verbs };
      }),
    ),
  );
}

function descriptionsOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? undefined : Reflect.get(value, "description");
  return [...(typeof own === "string" ? [own] : []), ...Object.values(value).flatMap(descriptionsOf)];
}

function sourceOf(file: string): string {
  const ending = file.startsWith("scenarios/") ? "scenario" : "yaml";
  return readFileSync(join(import.meta.dirname, `${file}.${ending}`), "utf8");
}
