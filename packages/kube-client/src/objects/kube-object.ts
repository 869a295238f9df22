/** A Kubernetes object as it travels in JSON. What is inside is known by its kind's schema. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
  [field: string]: unknown;
}

export interface KubeMetadata {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  [field: string]: unknown;
}

/** `Deployment shop-dev/orders`, for messages. */
export function nameOf({ kind, metadata: { namespace, name = "(no name)" } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** The objects inside of lists, lists inside of lists included. */
export function withoutLists(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.flatMap((object) => {
    const items = object["items"];
    return object.kind.endsWith("List") && Array.isArray(items) ? withoutLists(items as KubeObject[]) : [object];
  });
}
