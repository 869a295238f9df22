import { compareBytes } from "../../object/go-text.ts";
import type { Container } from "../../schema/data/types/core-v1.ts";
import type { LabelSelector } from "../validation/labels.ts";
import type { Cell } from "../columns.ts";

interface WithTemplate {
  readonly spec: { readonly template?: { readonly spec: { readonly containers: Container[] | null } } | null };
}

/** The names and the images of the containers of what is made from a template. */
export const containerCells = {
  Containers: ({ spec }: WithTemplate) => containerNames(spec.template?.spec.containers),
  Images: ({ spec }: WithTemplate) => containerImages(spec.template?.spec.containers),
} satisfies Readonly<Record<string, Cell<WithTemplate>>>;

export function containerNames(containers: readonly Container[] | null | undefined): string {
  return (containers ?? []).map(({ name }) => name).join(",");
}

export function containerImages(containers: readonly Container[] | null | undefined): string {
  return (containers ?? []).map(({ image }) => image ?? "").join(",");
}

export function labelsText(labels: Readonly<Record<string, string>> | null | undefined): string {
  const parts = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? "<none>" : parts.toSorted(compareBytes).join(",");
}

/** A selector on one line; `empty` stands for one that takes everything, and for none at all. */
export function selectorText(selector: LabelSelector | null | undefined, empty = "<none>"): string {
  const parts = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`] as const);
  const requirements = (selector?.matchExpressions ?? []).map(({ key = "", operator, values = [] }) => {
    if (operator === "Exists") return [key, key] as const;
    if (operator === "DoesNotExist") return [key, `!${key}`] as const;
    return [key, `${key} ${operator === "In" ? "in" : "notin"} (${values.toSorted().join(",")})`] as const;
  });
  const all = [...parts, ...requirements].toSorted(([left], [right]) => compareBytes(left, right));
  return all.length === 0 ? empty : all.map(([, text]) => text).join(",");
}

/** The first few of a list, and how many there are besides. */
export function listText(items: readonly string[], shownMax: number, whenEmpty: string): string {
  if (items.length === 0) return whenEmpty;
  const shown = items.slice(0, shownMax).join(",");
  return items.length > shownMax ? `${shown} + ${items.length - shownMax} more...` : shown;
}

export function addressesText(ingress: readonly { readonly ip?: string; readonly hostname?: string }[] = []): string {
  const names = new Set(ingress.map(({ ip, hostname }) => ip ?? hostname ?? "").filter((each) => each !== ""));
  return [...names].toSorted(compareBytes).join(",");
}

const accessModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

export function accessModesText(modes: readonly string[] = []): string {
  return Object.entries(accessModes)
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

export function booleanText(value: boolean | undefined): string {
  if (value === undefined) return "<unset>";
  return value ? "True" : "False";
}
