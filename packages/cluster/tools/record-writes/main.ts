import { writeFileSync } from "node:fs";
import { KINDS, THING_DEFINITION } from "./kinds.ts";
import type { RecordedKind } from "./kinds.ts";
import { convertSchemas } from "./published-schema.ts";
import type { Published } from "./published-schema.ts";
import { connect } from "./server.ts";
import type { Answer, Server } from "./server.ts";
import { randomStory } from "./stories.ts";
import type { Step, Story } from "./stories.ts";

/**
 * Records what a real API server makes of sequences of writes: `record-writes KUBECONFIG FOLDER [STORIES]`. The answers are the test data of the
 * folders `patch` and `apply`.
 */
const NAMESPACE = "default";

interface RecordedStep extends Step {
  readonly status: number;
  readonly answer: unknown;
}

async function main(kubeconfig: string, folder: string, stories: number): Promise<void> {
  const server = connect(kubeconfig);
  try {
    await defineThing(server);
    writeFileSync(`${folder}/schemas.json`, `${JSON.stringify(await schemas(server))}\n`);
    const recorded: string[] = [];
    for (let seed = 1; seed <= stories; seed += 1) {
      const story = randomStory(seed);
      const steps = await play(server, story, `story-${seed}`);
      recorded.push(JSON.stringify({ seed, kind: story.kind, steps }));
    }
    writeFileSync(`${folder}/stories.jsonl`, `${recorded.join("\n")}\n`);
  } finally {
    server.close();
  }
}

async function defineThing(server: Server): Promise<void> {
  await server.send({
    method: "POST",
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    body: JSON.stringify(THING_DEFINITION),
  });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const listed = await server.send({ method: "GET", path: "/openapi/v3/apis/writes.example.com/v1" });
    if (listed.status === 200 && JSON.stringify(listed.body).includes("Thing")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the custom kind is not served");
}

async function schemas(server: Server): Promise<unknown> {
  const published: Record<string, Published> = {};
  for (const apiVersion of new Set(KINDS.map((kind) => kind.apiVersion))) {
    const path = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const document = await server.send({ method: "GET", path: `/openapi/v3/${path}` });
    Object.assign(published, (document.body["components"] as { schemas: Record<string, Published> }).schemas);
  }
  const converted = convertSchemas(
    published,
    KINDS.map((kind) => kind.schemaName),
  );
  for (const { schemaName, custom } of KINDS) {
    const schema = converted[schemaName];
    if (custom === true && schema !== undefined) Object.assign(schema, { custom: true });
  }
  return converted;
}

async function play(server: Server, story: Story, name: string): Promise<RecordedStep[]> {
  const kind = KINDS.find((known) => known.kind === story.kind);
  if (kind === undefined) throw new Error(`no kind ${story.kind}`);
  const recorded: RecordedStep[] = [];
  for (const step of story.steps) {
    const answer = await write(server, kind, step, name);
    recorded.push({ ...step, status: answer.status, answer: answer.body });
  }
  const remove = { metadata: { finalizers: null } };
  const path = `${collection(kind)}/${name}`;
  await server.send({
    method: "PATCH",
    path,
    contentType: "application/merge-patch+json",
    body: JSON.stringify(remove),
  });
  await server.send({ method: "DELETE", path });
  return recorded;
}

function collection(kind: RecordedKind): string {
  const root = kind.apiVersion.includes("/") ? "apis" : "api";
  return `/${root}/${kind.apiVersion}/namespaces/${NAMESPACE}/${kind.plural}`;
}

const PATCH_TYPES: Readonly<Record<string, string>> = {
  apply: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

async function write(server: Server, kind: RecordedKind, step: Step, name: string): Promise<Answer> {
  const path = `${collection(kind)}${step.verb === "create" ? "" : `/${name}`}${step.subresource === undefined ? "" : `/${step.subresource}`}`;
  const query = `?fieldManager=${step.manager}${step.force === undefined ? "" : `&force=${step.force}`}&fieldValidation=Ignore`;
  const named =
    step.verb === "create" || step.verb === "update" || step.verb === "apply" ? withName(step.body, name) : step.body;
  const methods: Record<string, string> = { create: "POST", update: "PUT" };
  return server.send({
    method: methods[step.verb] ?? "PATCH",
    path: path + query,
    contentType: PATCH_TYPES[step.verb] ?? "application/json",
    body: JSON.stringify(named),
  });
}

function withName(body: unknown, name: string): unknown {
  const object = body as { metadata: object };
  return { ...object, metadata: { ...object.metadata, name, namespace: NAMESPACE } };
}

const [kubeconfig = "", folder = "", stories = "300"] = process.argv.slice(2);
await main(kubeconfig, folder, Number(stories));
