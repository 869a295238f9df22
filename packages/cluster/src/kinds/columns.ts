import type { KubeObject } from "../object/kube-object.ts";
import { ageOf } from "./cells/age.ts";
import definitions from "./data/columns.json" with { type: "json" };
import type { Column } from "./kind.ts";

export type Cell<Type = KubeObject> = (object: Type, now: Date) => unknown;

type ColumnDefinition = Omit<Column, "cell" | "description"> & { readonly description?: string };

const columns = definitions as unknown as Readonly<Record<string, readonly ColumnDefinition[]>>;

const usualCells: Readonly<Record<string, Cell>> = {
  Name: ({ metadata }) => metadata.name ?? "",
  Age: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
  "Created At": ({ metadata }) => metadata.creationTimestamp ?? null,
};

/** The published columns of a kind with what stands in them. */
export function columnsOf(kind: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly cells?: Readonly<Record<string, Cell>>;
}): readonly Column[] {
  const name = `${kind.group === "" ? "" : `${kind.group}/`}${kind.version}/${kind.kind}`;
  return (columns[name] ?? []).map((column) => ({
    ...column,
    description: column.description ?? `${column.name} of the ${kind.kind}`,
    cell: kind.cells?.[column.name] ?? usualCells[column.name] ?? missing,
  }));
}

function missing(): unknown {
  return "<unknown>";
}
