import type { Kind } from "../kinds/index.ts";
import { compareBytes } from "../object/go-text.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { parseLabelSelector, type LabelRequirement } from "./label-selector.ts";
import { badRequest } from "./status.ts";

/** Which objects a list or watch is about; undefined means all. */
export type Selection = ((object: KubeObject) => boolean) | undefined;

export interface Selectors {
  readonly labels: readonly LabelRequirement[];
  readonly fields: readonly FieldRequirement[];
}

interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly isEqual: boolean;
}

/** What a query selects, of whatever kind. */
export function parseSelectors(query: URLSearchParams): Selectors {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  return { labels, fields: parseFieldSelector(query.get("fieldSelector") ?? "") };
}

export function selectionOf(kind: Kind, { labels, fields }: Selectors): Selection {
  if (labels.length === 0 && fields.length === 0) return undefined;
  const checks = fields.map(({ field, value, isEqual }) => {
    const read = fieldReader(kind, field);
    return (object: KubeObject) => (read(object) === value) === isEqual;
  });
  return (object) =>
    labels.every((each) => meets(object.metadata.labels ?? {}, each)) && checks.every((each) => each(object));
}

/** Whether labels are meant by a selector, as a query says it. */
export function labelSelection(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const requirements = parseLabelSelector(text);
  return (labels) => requirements.every((each) => meets(labels, each));
}

function meets(labels: Readonly<Record<string, string>>, { key, operator, values }: LabelRequirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "gt":
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) > Number(values[0]);
    case "lt":
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) < Number(values[0]);
  }
}

/** The name that a selector asks for, when it asks for one: such a list reads one key. */
export function selectedName(query: URLSearchParams): string | undefined {
  return /^metadata\.name==?([^,!=\\]+)$/.exec(query.get("fieldSelector") ?? "")?.[1];
}

function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return splitTerms(text)
    .toSorted(compareBytes)
    .flatMap((term) => {
      const parts = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
      if (!parts) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
      const [, field = "", operator = "", escaped = ""] = parts;
      const value = unescaped(escaped);
      // Nothing is nothing everywhere.
      return field === "" && value === "" ? [] : [{ field, value, isEqual: operator !== "!=" }];
    });
}

function splitTerms(text: string): readonly string[] {
  return [...text.matchAll(/(?:\\.|[^,\\]|\\$)+/gsu)].map(([term]) => term);
}

function unescaped(text: string): string {
  return text.replace(/\\(.?)|[,=]/gsu, (sequence, escapedOne?: string) => {
    if (escapedOne === undefined)
      throw badRequest(`invalid field selector: unescaped character in value: ${sequence.charCodeAt(0)}`);
    if (!["\\", ",", "="].includes(escapedOne))
      throw badRequest(`invalid field selector: invalid escape sequence: ${sequence}`);
    return escapedOne;
  });
}

function fieldReader(kind: Kind, field: string): (object: KubeObject) => string {
  const hasOwn = Object.keys(kind.selectableFields).length > 0;
  if (field === "metadata.name") return ({ metadata }) => metadata.name ?? "";
  if (field === "metadata.namespace" && (kind.namespaced || !hasOwn)) return ({ metadata }) => metadata.namespace ?? "";
  const own = Object.hasOwn(kind.selectableFields, field) ? kind.selectableFields[field] : undefined;
  if (own) return own;
  throw badRequest(unknownField(kind, field, hasOwn));
}

/** Each kind that has fields of its own has words of its own. */
function unknownField({ group, version, kind }: Kind, field: string, hasOwn: boolean): string {
  if (!hasOwn) return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
  if (group === "batch") return `field label "${field}" not supported for ${kind}`;
  if (group === "resource.k8s.io") return `field label not supported for ${group}/${version}, Kind=${kind}: ${field}`;
  return `field label not supported: ${field}`;
}
