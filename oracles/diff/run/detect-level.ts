import { setTimeout as delay } from "node:timers/promises";
import type { HttpClient } from "../cluster/http-client.ts";
import { field, isList, parseJson } from "../json.ts";
import type { Level } from "./level.ts";
import { freshName, sendJson } from "./namespace.ts";

/** A controller makes the account of a new namespace within milliseconds; this is long even on a busy machine. */
const accountMs = 6000;

/** Finds out by looking: are there nodes, does a new namespace get its account? */
export async function detectLevel(client: HttpClient): Promise<Level> {
  const nodes = field(parseJson((await sendJson(client, "GET", "/api/v1/nodes")).body.toString("utf8")), "items");
  if (isList(nodes) && nodes.length > 0) return "nodes";
  const name = freshName();
  await sendJson(client, "POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const deadline = performance.now() + accountMs;
  let found = false;
  while (!found && performance.now() < deadline) {
    await delay(100);
    found = (await sendJson(client, "GET", `/api/v1/namespaces/${name}/serviceaccounts/default`)).status === 200;
  }
  const path = `/api/v1/namespaces/${name}`;
  await sendJson(client, "DELETE", path);
  if (found) return "controllers";
  await sendJson(client, "PUT", `${path}/finalize`, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
    spec: {},
  });
  return "bare";
}
