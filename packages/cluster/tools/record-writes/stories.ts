import { KINDS } from "./kinds.ts";
import type { RecordedKind } from "./kinds.ts";

/** Writes to one object, one after another. */
export interface Story {
  readonly kind: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly verb: "create" | "apply" | "update" | "merge" | "json" | "strategic";
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: "status";
  readonly body: unknown;
}

/** Numbers that only depend on the seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Dice {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = randomFrom(seed);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  some<T>(items: readonly T[]): T[] {
    return items.filter(() => this.chance(0.45));
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let index = result.length - 1; index > 0; index -= 1) {
      const other = this.below(index + 1);
      [result[index], result[other]] = [result[other] as T, result[index] as T];
    }
    return result;
  }
}

const NAMES = ["a", "b", "c", "d"];
const MANAGERS = ["alice", "bob", "kubectl"];

export function randomStory(seed: number): Story {
  const dice = new Dice(seed);
  const kind = dice.pick(KINDS);
  const steps: Step[] = [];
  const count = 3 + dice.below(5);
  for (let index = 0; index < count; index += 1) steps.push(randomStep(dice, kind, index === 0));
  return { kind: kind.kind, steps };
}

function randomStep(dice: Dice, kind: RecordedKind, isFirst: boolean): Step {
  const manager = dice.pick(MANAGERS);
  const status = kind.kind === "Thing" || kind.kind === "Deployment" ? dice.chance(0.12) : false;
  const subresource = status && !isFirst ? { subresource: "status" as const } : {};
  const verb = isFirst
    ? dice.pick(["create", "apply"] as const)
    : dice.pick(["apply", "apply", "apply", "update", "merge", "json", "strategic"] as const);
  const body = randomBody(dice, kind, verb === "create" || verb === "update" || isFirst);
  if (status) body["status"] = randomStatus(dice, kind);
  if (verb === "json") return { verb, manager, ...subresource, body: randomJsonPatch(dice, kind) };
  if (verb === "merge" || verb === "strategic") {
    if (dice.chance(0.3)) removeSomething(dice, body, kind);
    return { verb, manager, ...subresource, body };
  }
  if (verb === "apply" && dice.chance(0.06)) spoil(dice, body, kind);
  return { verb, manager, ...subresource, ...(verb === "apply" ? { force: dice.chance(0.5) } : {}), body };
}

type Body = Record<string, unknown>;

/** A complete object, or for patches and appliers parts of one. */
function randomBody(dice: Dice, kind: RecordedKind, isWhole: boolean): Body {
  const metadata: Body = {};
  if (dice.chance(0.6)) metadata["labels"] = texts(dice);
  if (dice.chance(0.4)) metadata["annotations"] = texts(dice);
  if (dice.chance(0.1)) metadata["finalizers"] = dice.some(["example.com/a", "example.com/b"]);
  return { apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...content(dice, kind, isWhole) };
}

function texts(dice: Dice): Body {
  return Object.fromEntries(dice.some(NAMES).map((name) => [name, dice.pick(["1", "2"])]));
}

function content(dice: Dice, kind: RecordedKind, isWhole: boolean): Body {
  switch (kind.kind) {
    case "ConfigMap":
      return { ...(dice.chance(0.9) ? { data: texts(dice) } : {}), ...(dice.chance(0.1) ? { immutable: false } : {}) };
    case "Service":
      return { spec: service(dice, isWhole) };
    case "Deployment":
      return { spec: deployment(dice, isWhole) };
    case "NetworkPolicy":
      return { spec: policy(dice, isWhole) };
    default:
      return { spec: thing(dice) };
  }
}

function service(dice: Dice, isWhole: boolean): Body {
  const ports = dice.shuffled([80, 81, 82]).slice(0, isWhole ? 2 : dice.below(4));
  return {
    ...(isWhole || ports.length > 0
      ? {
          ports: ports.map((port) => ({
            name: `p${port}`,
            port,
            protocol: "TCP",
            targetPort: dice.pick([8080, "web"]),
          })),
        }
      : {}),
    ...(dice.chance(0.5) ? { selector: texts(dice) } : {}),
    ...(dice.chance(0.2) ? { externalIPs: dice.shuffled(["10.1.0.1", "10.1.0.2"]) } : {}),
    ...(dice.chance(0.2) ? { publishNotReadyAddresses: true } : {}),
  };
}

function deployment(dice: Dice, isWhole: boolean): Body {
  const containers = dice.shuffled(NAMES).slice(0, isWhole ? 1 + dice.below(2) : dice.below(3));
  const pod: Body = {
    containers: containers.map((name) => container(dice, name)),
    ...(dice.chance(0.2) ? { nodeSelector: texts(dice) } : {}),
    ...(dice.chance(0.2) ? { volumes: dice.some(NAMES).map((name) => ({ name, emptyDir: {} })) } : {}),
    ...(dice.chance(0.2) ? { tolerations: [{ key: dice.pick(NAMES), operator: "Exists" }] } : {}),
    ...(dice.chance(0.2) ? { imagePullSecrets: dice.some(NAMES).map((name) => ({ name })) } : {}),
  };
  return {
    ...(dice.chance(0.6) ? { replicas: dice.below(3) } : {}),
    ...(dice.chance(0.2) ? { paused: true } : {}),
    ...(isWhole ? { selector: { matchLabels: { app: "x" } } } : {}),
    ...(isWhole || dice.chance(0.6)
      ? { template: { metadata: { labels: { app: "x", ...texts(dice) } }, spec: pod } }
      : {}),
  };
}

function container(dice: Dice, name: string): Body {
  return {
    name,
    image: `image:${dice.below(2)}`,
    imagePullPolicy: "IfNotPresent",
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    resources: dice.chance(0.3) ? { requests: { cpu: dice.pick(["100m", "200m"]) } } : {},
    ...(dice.chance(0.4)
      ? { env: dice.shuffled(dice.some(NAMES)).map((key) => ({ name: key, value: dice.pick(["1", "2"]) })) }
      : {}),
    ...(dice.chance(0.3)
      ? { ports: dice.shuffled([80, 81]).map((port) => ({ containerPort: port, protocol: "TCP" })) }
      : {}),
    ...(dice.chance(0.3) ? { args: dice.some(NAMES) } : {}),
  };
}

function policy(dice: Dice, isWhole: boolean): Body {
  return {
    ...(isWhole || dice.chance(0.5) ? { podSelector: dice.chance(0.5) ? {} : { matchLabels: texts(dice) } } : {}),
    ...(isWhole || dice.chance(0.3) ? { policyTypes: ["Ingress"] } : {}),
    ...(dice.chance(0.5) ? { ingress: [{ ports: [{ port: dice.below(9) + 1, protocol: "TCP" }] }] } : {}),
  };
}

function thing(dice: Dice): Body {
  const spec: Body = {};
  const set = (name: string, make: () => unknown): void => {
    if (dice.chance(0.4)) spec[name] = make();
  };
  set("size", () => dice.below(4));
  set("ratio", () => dice.pick([0.5, 1.5, 2]));
  set("on", () => dice.chance(0.5));
  set("note", () => dice.pick(["x", "y", null]));
  set("port", () => dice.pick([80, "web"]));
  set("tags", () => dice.shuffled(dice.some(NAMES)));
  set("steps", () => dice.shuffled(dice.some(NAMES)));
  set("parts", () =>
    dice.shuffled(dice.some(NAMES)).map((name) => ({
      name,
      zone: "z",
      ...(dice.chance(0.5) ? { weight: dice.below(3) } : {}),
      ...(dice.chance(0.3) ? { labels: texts(dice) } : {}),
    })),
  );
  set("whole", () => Object.fromEntries(dice.some(["a", "b"]).map((name) => [name, dice.pick(["1", "2"])])));
  set("map", () =>
    Object.fromEntries(dice.some(NAMES).map((name) => [name, dice.chance(0.2) ? {} : { x: dice.below(3) }])),
  );
  set("free", () => ({ ...texts(dice), deep: { list: dice.some(NAMES), map: texts(dice) } }));
  set("half", () => ({ known: dice.pick(NAMES), other: dice.pick([1, "a", true, { k: [1] }]) }));
  return spec;
}

function randomStatus(dice: Dice, kind: RecordedKind): Body {
  return kind.kind === "Thing"
    ? { phase: dice.pick(NAMES), count: dice.below(3) }
    : { observedGeneration: dice.below(3) };
}

const PLACES = [
  "/metadata/labels",
  "/metadata/labels/a",
  "/metadata/annotations/b",
  "/data/a",
  "/data",
  "/spec/tags/0",
  "/spec/tags/-",
  "/spec/tags/-1",
  "/spec/tags/9",
  "/spec/steps",
  "/spec/size",
  "/spec/free/x",
  "/spec/replicas",
  "/spec/parts/0",
  "/spec/map/a",
  "/spec/template/spec/containers/0/image",
  "/spec/template/metadata/labels/c",
  "/spec/nothing/deep",
  "/spec/tags/x",
  "relative",
  "",
];

function randomJsonPatch(dice: Dice, _kind: RecordedKind): unknown {
  if (dice.chance(0.04))
    return dice.pick([{}, "text", [1], [{ op: "fly", path: "/a" }], [{ op: "add" }], [{ op: "add", path: 1 }], [null]]);
  const count = 1 + dice.below(3);
  return Array.from({ length: count }, () => {
    const op = dice.pick(["add", "add", "remove", "replace", "test", "move", "copy"]);
    const path = dice.pick(PLACES);
    const value = dice.pick(["1", "x", 1, null, { a: "1" }, ["a"]]);
    if (op === "move" || op === "copy") return { op, path, from: dice.pick(PLACES) };
    return op === "remove" ? { op, path } : { op, path, value };
  });
}

function removeSomething(dice: Dice, body: Body, kind: RecordedKind): void {
  const metadata = body["metadata"] as Body;
  if (dice.chance(0.5)) metadata["labels"] = dice.chance(0.5) ? null : { a: null, b: "3" };
  const spec = body["spec"] as Body | undefined;
  if (spec === undefined) return;
  if (kind.kind === "Thing") spec[dice.pick(["tags", "parts", "map", "whole", "free", "size"])] = null;
  if (kind.kind === "Deployment") directives(dice, spec);
}

/** Directives of strategic merge patches; merge patches take them for unknown fields. */
function directives(dice: Dice, spec: Body): void {
  const directive = dice.pick([
    { containers: [{ name: "a", $patch: "delete" }] },
    { containers: [{ $patch: "replace" }, container(dice, "b")] },
    { containers: [container(dice, "b")], "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
    { "$setElementOrder/containers": [{ name: "d" }, { name: "c" }, { name: "b" }, { name: "a" }] },
    {
      containers: [container(dice, "b"), container(dice, "c")],
      "$setElementOrder/containers": [{ name: "c" }, { name: "b" }],
    },
    { containers: [{ image: "x" }] },
    { containers: [{ name: "a", $patch: "fly" }] },
    {
      containers: [
        {
          name: "a",
          env: [
            { name: "a", $patch: "delete" },
            { name: "z", value: "1" },
          ],
        },
      ],
    },
    { nodeSelector: { $patch: "replace", z: "1" } },
    { nodeSelector: { $patch: "delete" } },
    { volumes: [{ name: "a", $retainKeys: ["name", "emptyDir"], emptyDir: { medium: "Memory" } }] },
    { volumes: [{ name: "a", $retainKeys: ["name"], emptyDir: {} }] },
    { $retainKeys: "x" },
    { "$deleteFromPrimitiveList/args": ["a"] },
    { containers: [{ name: "a", "$deleteFromPrimitiveList/args": ["a"] }] },
    { "$setElementOrder/containers": "x" },
    { $setElementOrder: [] },
    { imagePullSecrets: [{ name: "a", $patch: "delete" }] },
    { containers: "text" },
    { containers: ["text"] },
    { tolerations: [] },
  ]);
  spec["template"] = { spec: directive };
}

/** A configuration that doesn't fit its schema. */
function spoil(dice: Dice, body: Body, kind: RecordedKind): void {
  const metadata = body["metadata"] as Body;
  const spoilers: (() => void)[] = [
    () => (metadata["labels"] = { a: 1 }),
    () => (metadata["labels"] = ["a"]),
    () => (metadata["managedFields"] = []),
    () => (metadata["unknown"] = true),
    () => (metadata["finalizers"] = ["example.com/a", "example.com/a"]),
    () => (body["apiVersion"] = "other/v1"),
    () => (body["kind"] = "Other"),
    () => (body["extra"] = { a: [1, null, "x", 1.5, true] }),
    () => (body["spec"] = "text"),
    () => (body["spec"] = [1, { a: true }]),
    () => (body["metadata"] = { labels: { a: true } }),
    () => (metadata["generation"] = "three"),
    () => (metadata["ownerReferences"] = [{ apiVersion: "v1" }]),
  ];
  if (kind.kind === "Thing") {
    const spec = body["spec"] as Body;
    spoilers.push(
      () => (spec["on"] = "yes"),
      () => (spec["size"] = "big"),
      () => (spec["size"] = { a: 1 }),
      () => (spec["tags"] = ["a", "a"]),
      () => (spec["tags"] = [{ a: 1 }]),
      () => (spec["tags"] = [null]),
      () => (spec["parts"] = [{ weight: 1 }]),
      () =>
        (spec["parts"] = [
          { name: "a", zone: "z" },
          { name: "a", zone: "z" },
        ]),
      () => (spec["parts"] = ["text"]),
      () => (spec["parts"] = { name: "a" }),
      () => (spec["whole"] = { a: 1 }),
      () => (spec["note"] = 1.5),
    );
  }
  dice.pick(spoilers)();
}
