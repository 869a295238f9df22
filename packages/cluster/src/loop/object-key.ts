/** `namespace/name`, or the name alone of what has no namespace. */
export function objectKey(namespace: string | undefined, name: string | undefined): string {
  return namespace === undefined || namespace === "" ? (name ?? "") : `${namespace}/${name ?? ""}`;
}

export function keyOf(object: { readonly metadata: { readonly namespace?: string; readonly name?: string } }): string {
  return objectKey(object.metadata.namespace, object.metadata.name);
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { namespace: "", name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
