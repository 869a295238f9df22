/** A kind as the server serves it. */
export interface ResourceKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** `deployments` */
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
}

export interface ResourcePlace {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string;
}

export function apiVersionOf({ group, version }: Pick<ResourceKind, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `/api/v1` or `/apis/apps/v1` */
export function groupVersionPath(apiVersion: string): string {
  return `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion}`;
}

/** Without a namespace, the objects of all of them. */
export function resourcePath(
  resource: Pick<ResourceKind, "group" | "version" | "plural">,
  place: ResourcePlace = {},
): string {
  const { namespace, name, subresource } = place;
  return [
    groupVersionPath(apiVersionOf(resource)),
    ...(namespace === undefined ? [] : ["namespaces", encodeURIComponent(namespace)]),
    resource.plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ].join("/");
}
