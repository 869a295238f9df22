import { objectAt, type JsonObject } from "../json-value.ts";
import { withValues, type GeneratorRun } from "./generator-run.ts";
import { isEmptySelector, selectorMatches } from "./label-selector.ts";
import { normalizedName, type Parameters } from "./parameters.ts";
import type { KnownCluster } from "./world.ts";

const inCluster: KnownCluster = { name: "in-cluster", server: "https://kubernetes.default.svc" };

export function clusterParameters(settings: JsonObject, run: GeneratorRun): readonly Parameters[] {
  const selector = objectAt(settings, "selector");
  const selected = run.world.clusters.filter((cluster) => selectorMatches(selector, cluster.labels ?? {}));
  const sets = selected.map((cluster) => parametersOf(cluster, run));
  // The cluster of Argo CD itself has no labels, so a selector leaves it out.
  const localIsKnown = run.world.clusters.some((cluster) => cluster.server === inCluster.server);
  if (isEmptySelector(selector) && !localIsKnown) {
    sets.push({ name: inCluster.name, nameNormalized: inCluster.name, server: inCluster.server, project: "" });
  }
  const parameters = sets.map((set) => withValues(set, settings, run.template));
  return settings["flatList"] === true ? [{ clusters: parameters }] : parameters;
}

function parametersOf(cluster: KnownCluster, run: GeneratorRun): Parameters {
  const { name, server, project = "", labels = {}, annotations = {} } = cluster;
  const common = { name, nameNormalized: normalizedName(name), server, project };
  if (run.template.isGoTemplate) {
    const filled = (map: Readonly<Record<string, string>>) => Object.keys(map).length > 0;
    const metadata = { ...(filled(annotations) && { annotations }), ...(filled(labels) && { labels }) };
    return { ...common, metadata };
  }
  const named = (map: Readonly<Record<string, string>>, prefix: string) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [`metadata.${prefix}.${key}`, value]));
  return { ...common, ...named(annotations, "annotations"), ...named(labels, "labels") };
}
