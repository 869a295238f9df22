import type { Kind } from "../kinds/index.ts";

type Group = Pick<Kind, "group" | "version">;

const metaSchemas = "io.k8s.apimachinery.pkg.apis.meta.v1";

export const metaSchema = (name: string): string => `${metaSchemas}.${name}`;

/** `rbac.authorization.k8s.io` is `rbacAuthorization`. */
export function groupTag(group: string): string {
  const [first = "", ...rest] = (group === "" ? "core" : group.replace(/\.k8s\.io$/u, "")).split(".");
  return first + rest.map(titled).join("");
}

export function versionTag({ group, version }: Group): string {
  return `${groupTag(group)}_${version}`;
}

/** `RbacAuthorizationV1` */
export function operationGroup({ group, version }: Group): string {
  return titled(groupTag(group)) + titled(version);
}

export function titled(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function groupPath({ group, version }: Group): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

export function isCustom(kind: Pick<Kind, "schema">): boolean {
  return kind.schema.custom === true;
}

/** `com.example.team.v1.Thing` */
export function schemaNameOf(kind: Kind): string {
  if (!isCustom(kind)) return kind.schemaName;
  return `${kind.group.split(".").toReversed().join(".")}.${kind.version}.${kind.kind}`;
}
