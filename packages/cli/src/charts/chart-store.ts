import { ChartsError, ChartStore, credentialsFromDockerConfig, type FindCredentials } from "@fairway/charts";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheDirectory } from "../cache-directory.ts";

export interface StoreOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Only what is in the cache; anything else is named and refused. */
  readonly offline?: boolean;
  /** Told when a server is out of reach and what it offered earlier is used instead. */
  readonly onStale: (message: string) => void;
}

/** The store of charts with this person's cache and credentials. */
export async function openChartStore({ env, signal, onStale, offline = false }: StoreOptions): Promise<ChartStore> {
  const credentials = await findCredentials(env);
  return new ChartStore({
    cacheDirectory: join(cacheDirectory(env), "charts"),
    credentials,
    signal,
    onStale,
    ...(offline && { fetch: refuse }),
  });
}

/** Of `helm registry login` first, then of `docker login`. */
async function findCredentials(env: StoreOptions["env"]): Promise<FindCredentials> {
  const helm =
    env["HELM_REGISTRY_CONFIG"] ??
    join(env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"), "helm/registry/config.json");
  const docker = join(env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  const known: FindCredentials[] = [];
  for (const path of [helm, docker]) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) known.push(credentialsFromDockerConfig(text));
  }
  return (host) => known.map((find) => find(host)).find((found) => found !== undefined);
}

const refuse: typeof fetch = (url) => {
  throw new ChartsError(
    "offline",
    `${String(url instanceof Request ? url.url : url)} is not in the cache, and --offline keeps from asking for it`,
  );
};
