import { table } from "../terminal/table.ts";
import type { CollectedSpan } from "./otlp-spans.ts";
import type { Style } from "../terminal/style.ts";

export interface TraceTreeOptions {
  readonly style: Style;
  /** Statements of databases are many; without them the way of the request is easier to see. */
  readonly showDatabase: boolean;
}

/** A trace as a tree: who called or caused whom, when it began, and how long it took. */
export function traceTree(spans: readonly CollectedSpan[], { style, showDatabase }: TraceTreeOptions): string {
  const shown = showDatabase ? spans : spans.filter((span) => !span.isDatabase);
  const known = new Set(shown.map((span) => span.spanId));
  const children = Map.groupBy(shown, (span) => (known.has(span.parentSpanId ?? "") ? span.parentSpanId : undefined));
  const zero = Math.min(...shown.map((span) => span.startMs));
  const rows: string[][] = [[style.dim("SPAN"), style.dim("SERVICE"), style.dim("FROM"), style.dim("TOOK")]];
  const visit = (span: CollectedSpan, lead: string, branch: string): void => {
    const name = span.error === undefined ? span.name : style.bad(`${span.name}: ${span.error}`);
    rows.push([
      style.dim(lead + branch) + name,
      span.service,
      time(span.startMs - zero),
      time(span.endMs - span.startMs),
    ]);
    const below = inOrder(children.get(span.spanId) ?? []);
    const deeper = lead + (branch === "" ? "" : branch === "└ " ? "  " : "│ ");
    for (const [index, child] of below.entries()) visit(child, deeper, index === below.length - 1 ? "└ " : "├ ");
  };
  for (const root of inOrder(children.get(undefined) ?? [])) visit(root, "", "");
  return table(rows);
}

function inOrder(spans: readonly CollectedSpan[]): readonly CollectedSpan[] {
  return spans.toSorted((left, right) => left.startMs - right.startMs);
}

function time(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
