/** Group, version and kind of an object, or a selector of them in which an empty part means any. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export function splitApiVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? ["", apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

export function apiVersionOf({ group, version }: Gvk): string {
  return group === "" ? version : `${group}/${version}`;
}

export function gvkEquals(left: Gvk, right: Gvk): boolean {
  return left.group === right.group && left.version === right.version && left.kind === right.kind;
}

export function isSelected(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === "" || selector.group === gvk.group) &&
    (selector.version === "" || selector.version === gvk.version) &&
    (selector.kind === "" || selector.kind === gvk.kind)
  );
}

export function gvkText({ group, version, kind }: Gvk): string {
  return [kind || "[noKind]", version || "[noVer]", group || "[noGrp]"].join(".");
}

/** The text by which kinds of equal rank are sorted. */
export function gvkSortText({ group, version, kind }: Gvk): string {
  return [group || "~G", version || "~V", kind || "~K"].join("_");
}
