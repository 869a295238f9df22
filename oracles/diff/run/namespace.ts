// Each run of a scenario has a namespace of its own, whose name has always the same length.
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { HttpClient, OutgoingRequest, RawAnswer } from "../cluster/http-client.ts";
import { DiffError } from "../diff-error.ts";
import { field, isList, parseJson, textField } from "../json.ts";
import { conditionTimeoutMs, pollMs } from "./limits.ts";
import type { Level } from "./level.ts";

export function freshName(): string {
  return `fw${BigInt(`0x${randomBytes(6).toString("hex")}`)
    .toString(36)
    .padStart(10, "0")
    .slice(-8)}`;
}

export async function sendJson(client: HttpClient, method: string, path: string, body?: unknown): Promise<RawAnswer> {
  const outgoing: OutgoingRequest = {
    method,
    path,
    headers: body === undefined ? [] : [["Content-Type", "application/json"]],
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  return client.send(outgoing);
}

export interface NamespaceOptions {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly level: Level;
}

/** Makes the namespace with the account that pods need. Where controllers run they make it, and it is waited for. */
export async function makeNamespace(client: HttpClient, { name, labels, level }: NamespaceOptions): Promise<void> {
  const made = await sendJson(client, "POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels },
  });
  if (made.status !== 201)
    throw new DiffError("no-answer", `the namespace ${name} can't be made: ${made.body.toString("utf8")}`);
  const accounts = `/api/v1/namespaces/${name}/serviceaccounts`;
  if (level === "bare") {
    await sendJson(client, "POST", accounts, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default" },
    });
    return;
  }
  await untilFound(client, `${accounts}/default`);
  await untilFound(client, `/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`);
}

async function untilFound(client: HttpClient, path: string): Promise<void> {
  const deadline = performance.now() + conditionTimeoutMs;
  while ((await client.send({ method: "GET", path, headers: [], body: undefined })).status !== 200) {
    if (performance.now() > deadline) {
      throw new DiffError("no-answer", `${path} was not made by a controller: is the level right? See --level`);
    }
    await delay(pollMs);
  }
}

/** Without controllers nobody finishes a namespace's deletion, so that is done here. */
export async function removeNamespace(client: HttpClient, name: string, level: Level): Promise<void> {
  const path = `/api/v1/namespaces/${name}`;
  await sendJson(client, "DELETE", path);
  if (level !== "bare") return;
  await sendJson(client, "PUT", `${path}/finalize`, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
    spec: {},
  });
}

/** Removes objects without a namespace whose names begin with the scenario's, finalizers or not. */
export async function sweep(client: HttpClient, collection: string, prefix: string): Promise<void> {
  const listed = parseJson((await sendJson(client, "GET", collection)).body.toString("utf8"));
  const items = field(listed, "items");
  for (const item of isList(items) ? items : []) {
    const metadata = field(item, "metadata");
    const name = textField(metadata, "name") ?? "";
    if (name.includes(prefix)) await removeObject(client, `${collection}/${name}`);
  }
}

export async function removeObject(client: HttpClient, path: string): Promise<void> {
  const gone = await sendJson(client, "DELETE", `${path}?gracePeriodSeconds=0`);
  const finalizers = field(field(parseJson(gone.body.toString("utf8")), "metadata"), "finalizers");
  if (!isList(finalizers) || path.includes("/customresourcedefinitions/")) return;
  await client.send({
    method: "PATCH",
    path,
    headers: [["Content-Type", "application/merge-patch+json"]],
    body: JSON.stringify({ metadata: { finalizers: null } }),
  });
}
