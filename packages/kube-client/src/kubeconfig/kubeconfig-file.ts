import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { YamlError, decode } from "@fairway/yaml";
import { KubeError } from "../kube-error.ts";
import { kubeconfigBytesMax } from "../limits.ts";
import { readList, readText, readFlag, requireMap } from "./fields.ts";
import type { Fields } from "./fields.ts";

export interface KubeconfigCluster {
  readonly server: string | undefined;
  readonly authorityFile: string | undefined;
  readonly authorityData: string | undefined;
  readonly serverName: string | undefined;
  readonly insecureSkipVerify: boolean;
  readonly proxyUrl: string | undefined;
  /** For exec plugins: the extension `client.authentication.k8s.io/exec`. */
  readonly execConfig: unknown;
}

export interface KubeconfigContext {
  readonly cluster: string | undefined;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
}

export interface KubeconfigExec {
  readonly apiVersion: string | undefined;
  readonly command: string | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string | undefined;
}

export interface KubeconfigUser {
  readonly certificateFile: string | undefined;
  readonly certificateData: string | undefined;
  readonly keyFile: string | undefined;
  readonly keyData: string | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly impersonate: Readonly<Record<string, string>>;
  readonly impersonateGroups: readonly string[];
  readonly exec: KubeconfigExec | undefined;
  readonly authProvider: string | undefined;
}

export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
}

/** Undefined when there is no such file. */
export async function readKubeconfig(path: string): Promise<Kubeconfig | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new KubeError("config-invalid", `${path} can't be read: ${String(error)}`, { cause: error });
  }
  return parseKubeconfig(text, path);
}

export function parseKubeconfig(text: string, path: string): Kubeconfig {
  if (text.length > kubeconfigBytesMax) {
    throw new KubeError("config-invalid", `${path} has ${text.length} characters: that is no kubeconfig`);
  }
  let value: unknown;
  try {
    value = decode(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new KubeError("config-invalid", `${path}: ${error.message}`, { cause: error });
  }
  const root = requireMap(value ?? {}, { file: path, at: "" });
  const resolve = (file: string | undefined): string | undefined =>
    file === undefined || isAbsolute(file) ? file : join(dirname(path), file);
  return {
    currentContext: readText(root, "current-context"),
    clusters: named(root, "clusters", "cluster", (fields) => clusterOf(fields, resolve)),
    contexts: named(root, "contexts", "context", contextOf),
    users: named(root, "users", "user", (fields) => userOf(fields, resolve)),
  };
}

type Resolve = (file: string | undefined) => string | undefined;

/** The lists of a kubeconfig are maps whose keys are called `name`. */
function named<T>(root: Fields, list: string, field: string, parse: (fields: Fields) => T): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const item of readList(root, list)) {
    const name = readText(item, "name") ?? "";
    if (found.has(name)) {
      throw new KubeError("config-invalid", `${root.file}: ${list} has the name "${name}" twice: rename or remove one`);
    }
    found.set(name, parse(item.child(field)));
  }
  return found;
}

function clusterOf(fields: Fields, resolve: Resolve): KubeconfigCluster {
  const extension = readList(fields, "extensions").find(
    (each) => readText(each, "name") === "client.authentication.k8s.io/exec",
  );
  return {
    server: readText(fields, "server"),
    authorityFile: resolve(readText(fields, "certificate-authority")),
    authorityData: readText(fields, "certificate-authority-data"),
    serverName: readText(fields, "tls-server-name"),
    insecureSkipVerify: readFlag(fields, "insecure-skip-tls-verify"),
    proxyUrl: readText(fields, "proxy-url"),
    execConfig: extension?.value("extension"),
  };
}

function contextOf(fields: Fields): KubeconfigContext {
  return {
    cluster: readText(fields, "cluster"),
    user: readText(fields, "user"),
    namespace: readText(fields, "namespace"),
  };
}

function userOf(fields: Fields, resolve: Resolve): KubeconfigUser {
  const provider = fields.child("auth-provider");
  return {
    certificateFile: resolve(readText(fields, "client-certificate")),
    certificateData: readText(fields, "client-certificate-data"),
    keyFile: resolve(readText(fields, "client-key")),
    keyData: readText(fields, "client-key-data"),
    token: readText(fields, "token"),
    tokenFile: resolve(readText(fields, "tokenFile")),
    username: readText(fields, "username"),
    password: readText(fields, "password"),
    ...impersonationOf(fields),
    exec: fields.has("exec") ? execOf(fields.child("exec"), resolve) : undefined,
    authProvider: fields.has("auth-provider") ? (readText(provider, "name") ?? "") : undefined,
  };
}

function impersonationOf(fields: Fields): Pick<KubeconfigUser, "impersonate" | "impersonateGroups"> {
  const headers: Record<string, string> = {};
  const name = readText(fields, "as");
  const uid = readText(fields, "as-uid");
  if (name !== undefined) headers["impersonate-user"] = name;
  if (uid !== undefined) headers["impersonate-uid"] = uid;
  const extra = fields.child("as-user-extra");
  for (const key of extra.keys()) {
    headers[`impersonate-extra-${encodeURIComponent(key).toLowerCase()}`] = extra.texts(key).join(",");
  }
  return { impersonate: headers, impersonateGroups: fields.texts("as-groups") };
}

function execOf(fields: Fields, resolve: Resolve): KubeconfigExec {
  const command = readText(fields, "command");
  const isPath = command !== undefined && /[/\\]/u.test(command);
  return {
    apiVersion: readText(fields, "apiVersion"),
    command: isPath ? resolve(command) : command,
    args: fields.texts("args"),
    env: Object.fromEntries(
      readList(fields, "env").map((each) => [readText(each, "name") ?? "", readText(each, "value") ?? ""]),
    ),
    installHint: readText(fields, "installHint"),
    provideClusterInfo: readFlag(fields, "provideClusterInfo"),
    interactiveMode: readText(fields, "interactiveMode"),
  };
}
