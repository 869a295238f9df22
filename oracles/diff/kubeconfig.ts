import { decode } from "@fairway/yaml";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OracleError } from "../machine/oracle-error.ts";

/** How a cluster is reached: by a token or by a client certificate. */
export interface ClusterAccess {
  readonly file: string;
  readonly server: string;
  readonly ca: string | undefined;
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** Reads any kubeconfig, with its current context. Programs that print credentials are not run. */
export function readClusterAccess(file: string): ClusterAccess {
  const config = decode(readFileSync(file, "utf8"));
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
    file: resolve(file),
    server,
    ca: material(cluster, "certificate-authority"),
    token: text(user, "token"),
    certificate: material(user, "client-certificate"),
    key: material(user, "client-key"),
  };
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
