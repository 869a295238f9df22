// kubeconform over everything that is rendered. It takes schemas from the internet; here they are made of what the real API server
// says of itself, with every unknown field refused.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeClient, KubeObject } from "@fairway/kube-client";
import { OracleError } from "../machine/oracle-error.ts";

/** `FAIRWAY_KUBECONFORM`, or where `go install github.com/yannh/kubeconform/cmd/kubeconform@latest` puts it. */
export function findKubeconform(): string | undefined {
  const built = join(
    process.env["GOBIN"] ?? join(process.env["GOPATH"] ?? join(homedir(), "go"), "bin"),
    "kubeconform",
  );
  const programs = [process.env["FAIRWAY_KUBECONFORM"], "kubeconform", existsSync(built) ? built : undefined];
  return programs.find((program) => program && spawnSync(program, ["-v"]).status === 0);
}

export interface Verdict {
  readonly valid: number;
  readonly faults: readonly string[];
}

export async function askKubeconform(
  program: string,
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-kubeconform-"));
  try {
    for (const apiVersion of new Set(objects.map((object) => object.apiVersion))) {
      await writeSchemas(folder, client, apiVersion);
    }
    const input = objects.map((object) => JSON.stringify(object)).join("\n---\n");
    const location = join(folder, "{{ .ResourceKind }}{{ .KindSuffix }}.json");
    const flags = ["-strict", "-summary", "-output", "json", "-schema-location", location, "-"];
    const { stdout, stderr } = spawnSync(program, flags, { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    return verdictOf(stdout, stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verdictOf(stdout: string, stderr: string): Verdict {
  if (stdout === "") throw new OracleError("command-failed", `kubeconform: ${stderr}`);
  const { summary, resources = [] } = JSON.parse(stdout) as {
    readonly summary: { readonly valid: number };
    readonly resources?: readonly { readonly kind: string; readonly name: string; readonly msg: string }[];
  };
  return { valid: summary.valid, faults: resources.map(({ kind, name, msg }) => `${kind} ${name}: ${msg}`) };
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
  readonly [key: string]: unknown;
}

async function writeSchemas(folder: string, client: KubeClient, apiVersion: string): Promise<void> {
  const path = `/openapi/v3/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}`;
  const { status, body } = await client.request({ method: "GET", path });
  if (status !== 200) throw new OracleError("bad-state", `${path} answered ${status}`);
  const { schemas } = (body as { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } })
    .components;
  const strict = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]));
  const suffix = apiVersion.replace(/^([^./]+)[^/]*\//, "$1/").replace("/", "-");
  for (const [name, schema] of Object.entries(schemas)) {
    for (const { kind, group, version } of schema["x-kubernetes-group-version-kind"] ?? []) {
      if ((group === "" ? version : `${group}/${version}`) !== apiVersion) continue;
      const document = { $ref: `#/components/schemas/${name}`, components: { schemas: strict } };
      writeFileSync(join(folder, `${kind.toLowerCase()}-${suffix}.json`), JSON.stringify(document));
    }
  }
}

/** Whoever names its fields has no others. */
function closed(schema: Schema): Schema {
  return schema.properties ? { ...schema, additionalProperties: false } : schema;
}
