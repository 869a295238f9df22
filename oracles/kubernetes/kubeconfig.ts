import { readFileSync } from "node:fs";
import { OracleError } from "../machine/oracle-error.ts";

export interface Access {
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string;
  readonly user: string;
  readonly token: string;
}

/** A kubeconfig, written as JSON: every reader of YAML takes it, and so do we without a parser for YAML. */
export function formatKubeconfig(access: Access): string {
  const cluster = {
    server: access.server,
    "certificate-authority-data": Buffer.from(access.authority).toString("base64"),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "oracle", cluster }],
    users: [{ name: access.user, user: { token: access.token } }],
    contexts: [{ name: "oracle", context: { cluster: "oracle", user: access.user } }],
    "current-context": "oracle",
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Reads a kubeconfig that {@link formatKubeconfig} wrote. */
export function readKubeconfig(file: string): Access {
  const config: unknown = JSON.parse(readFileSync(file, "utf8"));
  const cluster = child(first(child(config, "clusters")), "cluster");
  const user = first(child(config, "users"));
  const server = child(cluster, "server");
  const authority = child(cluster, "certificate-authority-data");
  const token = child(child(user, "user"), "token");
  const name = child(user, "name");
  if (
    typeof server !== "string" ||
    typeof authority !== "string" ||
    typeof token !== "string" ||
    typeof name !== "string"
  ) {
    throw new OracleError(
      "bad-state",
      `${file} is not a kubeconfig of an oracle: it lacks a server, authority or token`,
    );
  }
  return { server, authority: Buffer.from(authority, "base64").toString("utf8"), user: name, token };
}

function child(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] as unknown) : undefined;
}
