import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cloneJson, equalJson, isJsonObject } from "../object/json-value.ts";
import type { KubeObject, ManagedFieldsEntry } from "../object/kube-object.ts";
import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch, PatchError } from "../patch/index.ts";
import type { ObjectSchema, Schema, SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { ApplyError, keepTimesIfSame, serverSideApply, trackUpdate } from "./index.ts";

/** What a real API server made of random sequences of writes; `tools/record-writes` records them anew. */
interface Story {
  readonly seed: number;
  readonly kind: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly verb: "create" | "apply" | "update" | "merge" | "json" | "strategic";
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: "status";
  readonly body: unknown;
  readonly status: number;
  readonly answer: Answer;
}

interface Answer extends KubeObject {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { message: string; field: string }[] };
}

const schemas = readJson("schemas.json") as Readonly<Record<string, Schema>>;
const stories = readText("stories.jsonl")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Story);

const library: SchemaLibrary = {
  resolve: (ref) => ("ref" in ref ? (schemas[ref.ref] ?? { type: "any" }) : ref),
};

const ROOTS: Readonly<Record<string, { schema: string; apiVersion: string }>> = {
  ConfigMap: { schema: "io.k8s.api.core.v1.ConfigMap", apiVersion: "v1" },
  Service: { schema: "io.k8s.api.core.v1.Service", apiVersion: "v1" },
  Deployment: { schema: "io.k8s.api.apps.v1.Deployment", apiVersion: "apps/v1" },
  NetworkPolicy: { schema: "io.k8s.api.networking.v1.NetworkPolicy", apiVersion: "networking.k8s.io/v1" },
  Thing: { schema: "com.example.writes.v1.Thing", apiVersion: "writes.example.com/v1" },
};

function readText(name: string): string {
  return readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8");
}

function readJson(name: string): unknown {
  return JSON.parse(readText(name));
}

interface Scene {
  readonly story: Story;
  readonly step: Step;
  readonly live: KubeObject | undefined;
  readonly name: string;
}

function* scenes(): Generator<Scene> {
  for (const story of stories) {
    let live: KubeObject | undefined;
    for (const step of story.steps) {
      yield { story, step, live, name: `story-${story.seed}` };
      if (step.status < 300) live = step.answer;
    }
  }
}

function context({ story, step }: Scene) {
  const root = ROOTS[story.kind];
  assert.ok(root !== undefined);
  return {
    schema: schemas[root.schema] as ObjectSchema,
    library,
    manager: step.manager,
    kind: story.kind,
    apiVersion: root.apiVersion,
    subresource: step.subresource ?? "",
    now: newest(step.answer.metadata?.managedFields),
    ...(step.subresource === "status" && story.kind === "Deployment"
      ? { resetFields: [["spec"], ["metadata", "labels"]] }
      : {}),
  };
}

function newest(entries: readonly ManagedFieldsEntry[] | undefined): Date {
  const times = (entries ?? []).map((entry) => Date.parse(entry.time ?? "1970-01-01T00:00:00Z"));
  return new Date(Math.max(0, ...times));
}

/** The object without what only the server decides. */
function content(object: unknown): unknown {
  const { metadata, ...rest } = cloneJson(object) as KubeObject;
  for (const field of ["resourceVersion", "uid", "generation", "creationTimestamp", "managedFields"])
    delete metadata[field as "uid"];
  return withoutEmpty({ metadata, ...rest });
}

/** What the server keeps of what was written: fields that the kind has, without the status. */
function stored(scene: Scene, object: unknown): unknown {
  const { status: _, ...rest } = content(object) as KubeObject;
  return pruned(context(scene).schema, rest);
}

function pruned(ref: SchemaRef, value: unknown): unknown {
  const schema = library.resolve(ref);
  if (schema.type === "list" && Array.isArray(value)) return value.map((item) => pruned(schema.items, item));
  if (!isJsonObject(value) || schema.type !== "object") return value;
  const known = Object.entries(value).filter(([key]) => Object.hasOwn(schema.fields, key) || schema.open === true);
  return Object.fromEntries(known.map(([key, member]) => [key, pruned(schema.fields[key] ?? { type: "any" }, member)]));
}

/** Built-in kinds don't tell empty lists and maps from none. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).map(([key, member]) => [key, withoutEmpty(member)] as const);
  return Object.fromEntries(
    kept.filter(([, member]) => typeof member !== "object" || Object.keys(member ?? {}).length > 0),
  );
}

/** Kinds that get no defaults, so that what was written is what is answered. */
const PLAIN = new Set(["ConfigMap", "Thing"]);

const differences: string[] = [];
let compared = 0;

function expectSame(scene: Scene, what: string, [ours, theirs]: [unknown, unknown]): void {
  compared += 1;
  if (equalJson(ours, theirs)) return;
  const step = scene.story.steps.indexOf(scene.step);
  differences.push(
    `${scene.name} step ${step} (${scene.story.kind} ${scene.step.verb}): ${what}\n  ours   ${JSON.stringify(ours)}\n  theirs ${JSON.stringify(theirs)}\n  body ${JSON.stringify(scene.step.body)}`,
  );
}

function checkApply(scene: Scene): void {
  const { step, live, name } = scene;
  const body = cloneJson(step.body) as KubeObject;
  if (isJsonObject(body.metadata)) Object.assign(body.metadata, { name, namespace: "default" });
  if (step.status === 404) return;
  const before = cloneJson({ live, body });
  try {
    const result = serverSideApply({ ...context(scene), live, applied: body, force: step.force ?? false });
    assert.deepEqual({ live, body }, before);
    if (result.kind === "conflicts") {
      expectSame(scene, "status", [409, step.status]);
      const causes = step.answer.details?.causes?.map(({ message, field }) => ({ message, field }));
      expectSame(scene, "conflict", [
        sortCauses(result.conflicts),
        sortCauses({ message: step.answer.message ?? "", causes: causes ?? [] }),
      ]);
    } else if (step.status < 300) {
      const object = live === undefined ? result.object : keepTimesIfSame(live, result.object);
      if (PLAIN.has(scene.story.kind) && step.subresource === undefined)
        expectSame(scene, "object", [stored(scene, object), stored(scene, step.answer)]);
      expectSame(scene, "managedFields", [object.metadata.managedFields, step.answer.metadata.managedFields]);
    } else if (!isLaterRefusal(step)) expectSame(scene, "status", [200, `${step.status} ${step.answer.message ?? ""}`]);
  } catch (error) {
    if (!(error instanceof ApplyError)) throw error;
    expectSame(scene, "error", [error.message, step.answer.message]);
  }
}

function sortCauses({ message, causes }: { message: string; causes: readonly { message: string; field: string }[] }) {
  return {
    message,
    causes: [...causes].sort((left, right) => (left.message + left.field < right.message + right.field ? -1 : 1)),
  };
}

/** Validation, precondition and lookup come after or before what is tested here. */
function isLaterRefusal({ status, answer }: Step): boolean {
  return (
    status === 404 || answer.reason === "Invalid" || answer.reason === "Conflict" || answer.reason === "AlreadyExists"
  );
}

function checkWrite(scene: Scene): void {
  const { step, live } = scene;
  if (step.status < 300) {
    const next = cloneJson(step.answer);
    delete next.metadata.managedFields;
    if (live === undefined) withoutAllocated(next);
    const tracked = trackUpdate({ ...context(scene), live, next });
    const object =
      live === undefined
        ? tracked
        : keepTimesIfSame(live, {
            ...tracked,
            metadata: { ...tracked.metadata, resourceVersion: live.metadata.resourceVersion ?? "" },
          });
    // A write of the status may say other things, which are seen here but not in the answer.
    const isAllSeen = step.subresource === undefined || (step.verb !== "json" && isEmptyMetadata(step.body));
    if (isAllSeen)
      expectSame(scene, "managedFields", [object.metadata.managedFields, step.answer.metadata.managedFields]);
  }
  if (live !== undefined && step.verb !== "update" && step.verb !== "create") checkPatch(scene, live);
}

function isEmptyMetadata(body: unknown): boolean {
  return isJsonObject(body) && Object.keys(body["metadata"] ?? {}).length === 0;
}

/** The server chooses these after it noted who wrote what. */
function withoutAllocated(object: KubeObject): void {
  const spec = object["spec"];
  if (object.kind !== "Service" || !isJsonObject(spec)) return;
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) delete spec[field];
}

function checkPatch(scene: Scene, live: KubeObject): void {
  const { step, story } = scene;
  if (step.status === 415 || step.status === 404) return;
  const before = cloneJson({ live, body: step.body });
  try {
    const patched = patch(scene, live);
    assert.deepEqual({ live, body: step.body }, before);
    if (step.status >= 300) {
      if (step.answer.reason !== "Invalid" && step.answer.reason !== "Conflict")
        expectSame(scene, "status", [200, `${step.status} ${step.answer.message ?? ""}`]);
    } else if (PLAIN.has(story.kind) && step.subresource === undefined) {
      expectSame(scene, "object", [stored(scene, patched), stored(scene, step.answer)]);
    }
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    // Why a JSON patch doesn't apply is not told on the wire.
    const told =
      error.code === "Invalid" ? "the server rejected our request due to an error in our request" : error.message;
    expectSame(scene, "patch error", [told, step.answer.message]);
  }
}

function patch({ step, story }: Scene, live: KubeObject): unknown {
  if (step.verb === "json") return applyJsonPatch(live, step.body);
  if (step.verb === "merge") return applyMergePatch(live, step.body);
  const schema = schemas[ROOTS[story.kind]?.schema ?? ""];
  assert.ok(schema !== undefined);
  return applyStrategicMergePatch(live, step.body, schema, library);
}

test("writes have the outcome that a real API server gave them", () => {
  for (const scene of scenes()) {
    if (scene.step.verb === "apply") checkApply(scene);
    else checkWrite(scene);
  }
  assert.equal(
    differences.length,
    0,
    `${differences.length} of ${compared} comparisons differ:\n${differences.slice(0, 12).join("\n")}`,
  );
});
