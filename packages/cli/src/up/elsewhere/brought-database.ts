import { loadChartFolder, mergeUserValues, renderChart } from "@fairway/helm";
import type { KubeObject } from "@fairway/kube-client";
import { postgresChart } from "@fairway/manifests";
import { objectsIn } from "../releases.ts";

export interface BroughtDatabaseOptions {
  /** Where PostgreSQL runs, and the others from which it is asked for. */
  readonly namespace: string;
  readonly otherNamespaces: readonly string[];
  readonly registry: string;
  readonly digest: string;
  /** `default`, `none`, or the name of a class. */
  readonly storageClass: string;
  /** Each with the password of its role. */
  readonly databases: Readonly<Record<string, string>>;
}

/** PostgreSQL for a cluster that has none: its own chart, and its name in every namespace that asks for it. */
export function broughtDatabase(options: BroughtDatabaseOptions): readonly KubeObject[] {
  const { namespace, otherNamespaces, registry, digest, storageClass, databases } = options;
  const files = [...postgresChart()].map(([path, text]) => [path, Buffer.from(text)] as const);
  const classes: Readonly<Record<string, string>> = { default: "-", none: "" };
  const values = mergeUserValues({
    setJson: [JSON.stringify({ databases, storage: { class: classes[storageClass] ?? storageClass } })],
    setString: [`image.registry=${registry}`, `image.digest=${digest}`],
  });
  const { manifests } = renderChart(loadChartFolder(new Map(files)), { releaseName: "postgres", namespace, values });
  const aliases = otherNamespaces.map((other) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "postgres", namespace: other, labels: { "app.kubernetes.io/managed-by": "fairway" } },
    spec: { type: "ExternalName", externalName: `postgres.${namespace}.svc.cluster.local` },
  }));
  return [...manifests.flatMap(({ content }) => objectsIn(content)), ...aliases];
}
