import { ageOf, type Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";

type Column = Kind["columns"][number];

function column(name: string, type: Column["type"], cell: Column["cell"]): Column {
  return { name, type, format: "", description: `${name} of the Scale`, priority: 0, cell };
}

function replicasIn(object: KubeObject, part: "spec" | "status"): number {
  return (object[part] as { replicas?: number } | undefined)?.replicas ?? 0;
}

/** What `kubectl get --subresource scale` shows, of whatever is scaled. */
export const scaleColumns: readonly Column[] = [
  column("Name", "string", ({ metadata }) => metadata.name ?? ""),
  column("Desired", "integer", (object) => replicasIn(object, "spec")),
  column("Available", "integer", (object) => replicasIn(object, "status")),
  column("Age", "string", ({ metadata }, now) => ageOf(metadata.creationTimestamp, now)),
];
