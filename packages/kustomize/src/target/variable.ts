import type { VariableValue } from "../filters/variables.ts";
import type { VariableFields } from "../kustomization/shapes.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { tags } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup, splitBracketedPath } from "../node/path.ts";
import { gvkText, splitApiVersion } from "../resource/gvk.ts";
import type { ResId } from "../resource/res-id.ts";
import type { ResourceMap } from "../resource/resource-map.ts";

/** One entry of `vars`: a name for the value of a field. */
export interface Variable {
  readonly name: string;
  readonly target: ResId;
  readonly fieldPath: string;
  /** As it stands in the file, for messages. */
  readonly written: { readonly kind: string; readonly fieldPath: string };
}

export function toVariable(fields: VariableFields): Variable {
  const { apiVersion = "", group = "", version = "", kind = "", name = "", namespace = "" } = fields.objref ?? {};
  const parts = apiVersion.split("/");
  const [ownGroup, ownVersion] = splitApiVersion(apiVersion);
  const hasGroup = apiVersion !== "" && parts.length === 2;
  const target: ResId = {
    group: hasGroup ? ownGroup : group,
    version: apiVersion === "" || parts.length > 2 ? version : ownVersion,
    kind,
    name,
    namespace,
    clusterScoped: false,
  };
  const fieldPath = (fields.fieldref?.fieldPath ?? "") === "" ? "metadata.name" : (fields.fieldref?.fieldPath ?? "");
  const written = { kind: gvkText({ group, version, kind }), fieldPath: fields.fieldref?.fieldPath ?? "" };
  return { name: fields.name ?? "", target, fieldPath, written };
}

/** As Go's %v prints it before defaults are filled in. */
export function writtenText({ name, written }: Variable): string {
  return `{${name} ${written.kind} {${written.fieldPath}}}`;
}

/** As Go's %v prints it. */
export function variableText({ name, target, fieldPath }: Variable): string {
  return `{${name} ${gvkText(target)} {${fieldPath}}}`;
}

/** The value of the field that the variable names; nothing when the field is a map or a list. */
export function variableValue(map: ResourceMap, variable: Variable): VariableValue | undefined {
  const owner = map.resources.find((resource) => resource.variableNames.includes(variable.name));
  if (owner === undefined) {
    throw new KustomizeError(
      "transform",
      `var '${variableText(variable)}' cannot be mapped to a field in the set of known resources`,
    );
  }
  const field = findField(owner.tree, variable.fieldPath);
  if (field === undefined) {
    throw new KustomizeError(
      "transform",
      `field specified in var '${variableText(variable)}' not found in corresponding resource`,
    );
  }
  return scalarOf(field);
}

function findField(node: Node, path: string): Node | undefined {
  const steps = splitBracketedPath(path, ".").flatMap((step) => {
    const match = /^(.*)\[(\d+)\]$/.exec(step);
    if (match === null) return [step];
    const [, name = "", index = ""] = match;
    return name === "" ? [index] : [name, index];
  });
  try {
    return lookup(node, steps);
  } catch (error) {
    if (error instanceof KustomizeError) return undefined;
    throw error;
  }
}

function scalarOf(node: Node): VariableValue | undefined {
  if (node.kind !== "scalar") return undefined;
  if (node.tag === tags.int) return /^[-+]?\d+$/.test(node.value) ? Number(node.value) : node.value;
  if (node.tag === tags.float) return Number(node.value);
  if (node.tag === tags.bool) return node.value.toLowerCase() === "true";
  return node.value;
}
