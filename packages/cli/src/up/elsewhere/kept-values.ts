import { requireSuccess, type KubeClient, type KubeObject } from "@fairway/kube-client";
import type { KeptValues } from "../secrets.ts";

const name = "fairway-values";

/** What was made up for an environment of a cluster that others run is kept in that cluster: whoever runs `up` next finds it. */
export async function readKeptValues(client: KubeClient, namespace: string): Promise<KeptValues> {
  const request = { method: "GET", path: `/api/v1/namespaces/${namespace}/secrets/${name}` } as const;
  const answer = await client.request(request);
  if (answer.status === 404) return {};
  const { data = {} } = requireSuccess(request, answer) as { readonly data?: Readonly<Record<string, string>> };
  const text = Buffer.from(data["values.json"] ?? "", "base64").toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as KeptValues);
}

export function keptValues(namespace: string, values: KeptValues): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels: { "app.kubernetes.io/managed-by": "fairway" } },
    stringData: { "values.json": JSON.stringify(values) },
  };
}
