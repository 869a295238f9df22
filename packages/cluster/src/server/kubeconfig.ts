import type { Credentials } from "./tls/certificate.ts";

export interface KubeconfigFacts {
  readonly name: string;
  readonly server: string;
  readonly authority: string;
  readonly client: Credentials;
}

/** JSON is YAML, so that every reader of kubeconfigs takes it. */
export function kubeconfig({ name, server, authority, client }: KubeconfigFacts): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const user = {
    "client-certificate-data": base64(client.certificate),
    "client-key-data": base64(client.key),
  };
  return `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server, "certificate-authority-data": base64(authority) } }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
      preferences: {},
    },
    null,
    2,
  )}\n`;
}
