import { decode } from "@fairway/yaml";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OracleError } from "../machine/oracle-error.ts";

/** How a cluster is reached: by a token or by a client certificate. */
export interface ClusterAccess {
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** PEM, as the certificate and the key are. */
  readonly ca?: string | undefined;
  readonly token?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** Reads any kubeconfig, with its current context. Programs that print credentials are not run. */
export function readClusterAccess(file: string): ClusterAccess {
  return parseKubeconfig(readFileSync(file, "utf8"), file);
}

/** `file` is where it stands, for the paths in it and for messages. */
export function parseKubeconfig(content: string, file = "kubeconfig"): ClusterAccess {
  const config = decode(content);
  const context = named(config, "contexts", text(config, "current-context") ?? "", "context");
  const cluster = named(config, "clusters", text(context, "cluster") ?? "", "cluster");
  const user = named(config, "users", text(context, "user") ?? "", "user");
  const server = text(cluster, "server");
  if (server === undefined) throw new OracleError("bad-input", `${file}: the current context has no server`);
  const material = (from: unknown, name: string): string | undefined => {
    const data = text(from, `${name}-data`);
    if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
    const path = text(from, name);
    return path === undefined ? undefined : readFileSync(resolve(dirname(file), path), "utf8");
  };
  return {
    server,
    ca: material(cluster, "certificate-authority"),
    token: text(user, "token"),
    certificate: material(user, "client-certificate"),
    key: material(user, "client-key"),
  };
}

/** A kubeconfig for kubectl and helm: JSON, which is YAML too. */
export function kubeconfigText({ server, ca, token, certificate, key }: ClusterAccess, namespace: string): string {
  const packed = (name: string, value: string | undefined) =>
    value === undefined ? {} : { [name]: Buffer.from(value).toString("base64") };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "judged",
    contexts: [{ name: "judged", context: { cluster: "judged", user: "judge", namespace } }],
    clusters: [{ name: "judged", cluster: { server, ...packed("certificate-authority-data", ca) } }],
    users: [
      {
        name: "judge",
        user: {
          ...(token === undefined ? {} : { token }),
          ...packed("client-certificate-data", certificate),
          ...packed("client-key-data", key),
        },
      },
    ],
  });
}

function named(config: unknown, list: string, name: string, inner: string): unknown {
  const entries = field(config, list);
  const found = (Array.isArray(entries) ? entries : []).find((entry) => text(entry, "name") === name);
  return field(found, inner);
}

function text(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" && found !== "" ? found : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
