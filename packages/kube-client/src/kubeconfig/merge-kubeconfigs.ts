import { delimiter, join } from "node:path";
import { KubeError } from "../kube-error.ts";
import { readKubeconfig } from "./kubeconfig-file.ts";
import type { Kubeconfig } from "./kubeconfig-file.ts";

export interface FoundKubeconfig {
  readonly config: Kubeconfig;
  /** The files that were there, the most important one first. */
  readonly files: readonly string[];
}

export interface KubeconfigPlaces {
  /** As with `--kubeconfig`: this file alone, and it has to be there. */
  readonly path?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The kubeconfig as kubectl finds it; undefined when there is none at all. */
export async function findKubeconfig({ path, env, home }: KubeconfigPlaces): Promise<FoundKubeconfig | undefined> {
  if (path !== undefined) {
    const config = await readKubeconfig(path);
    if (config === undefined) throw new KubeError("config-missing", `there is no kubeconfig ${path}`);
    return { config, files: [path] };
  }
  const listed = [...new Set((env["KUBECONFIG"] ?? "").split(delimiter).filter((each) => each !== ""))];
  const paths = listed.length > 0 ? listed : [join(home, ".kube", "config")];
  const found: { readonly file: string; readonly config: Kubeconfig }[] = [];
  for (const file of paths) {
    const config = await readKubeconfig(file);
    if (config !== undefined) found.push({ file, config });
  }
  if (found.length === 0) return undefined;
  return { config: mergeKubeconfigs(found.map((each) => each.config)), files: found.map((each) => each.file) };
}

/** Whoever names something first wins, entry by entry: nothing of a later entry of the same name is taken over. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merge = <T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> =>
    new Map(maps.toReversed().flatMap((each) => [...each]));
  return {
    currentContext: configs.find((each) => each.currentContext !== undefined)?.currentContext,
    clusters: merge(configs.map((each) => each.clusters)),
    contexts: merge(configs.map((each) => each.contexts)),
    users: merge(configs.map((each) => each.users)),
  };
}
