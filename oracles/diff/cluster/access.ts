// What a kubeconfig says about its current context.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { decode } from "@fairway/yaml";
import { DiffError } from "../diff-error.ts";
import { field, isList, textField } from "../json.ts";
import type { Json } from "../json.ts";

export interface ClusterAccess {
  readonly server: string;
  readonly authority: string | undefined;
  readonly insecure: boolean;
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export function readAccess(file: string): ClusterAccess {
  let config: Json;
  try {
    config = decode(readFileSync(file, "utf8")) as Json;
  } catch (cause) {
    throw new DiffError("bad-kubeconfig", `${file} can't be read as a kubeconfig`, { cause });
  }
  const current = textField(config, "current-context");
  const context = field(named(config, "contexts", current), "context");
  const cluster = field(named(config, "clusters", textField(context, "cluster")), "cluster");
  const user = field(named(config, "users", textField(context, "user")), "user");
  const server = textField(cluster, "server");
  if (server === undefined) {
    throw new DiffError("bad-kubeconfig", `${file}: its current context ${current ?? "(none)"} leads to no server`);
  }
  const material = (holder: Json | undefined, name: string): string | undefined => {
    const data = textField(holder, `${name}-data`);
    if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
    const path = textField(holder, name);
    return path === undefined ? undefined : readFileSync(resolve(dirname(file), path), "utf8");
  };
  return {
    server: server.replace(/\/$/u, ""),
    authority: material(cluster, "certificate-authority"),
    insecure: field(cluster, "insecure-skip-tls-verify") === true,
    token: textField(user, "token"),
    certificate: material(user, "client-certificate"),
    key: material(user, "client-key"),
  };
}

function named(config: Json, list: string, name: string | undefined): Json | undefined {
  const entries = field(config, list);
  return isList(entries) ? entries.find((entry) => textField(entry, "name") === name) : undefined;
}

/** A kubeconfig for the commands of a scenario; JSON, which every reader of YAML takes. */
export function formatAccess(access: ClusterAccess, namespace: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const cluster = {
    server: access.server,
    ...(access.insecure ? { "insecure-skip-tls-verify": true } : {}),
    ...(access.authority === undefined || access.insecure
      ? {}
      : { "certificate-authority-data": base64(access.authority) }),
  };
  const user = {
    ...(access.token === undefined ? {} : { token: access.token }),
    ...(access.certificate === undefined ? {} : { "client-certificate-data": base64(access.certificate) }),
    ...(access.key === undefined ? {} : { "client-key-data": base64(access.key) }),
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster }],
    users: [{ name: "user", user }],
    contexts: [{ name: "context", context: { cluster: "cluster", user: "user", namespace } }],
    "current-context": "context",
  });
}
