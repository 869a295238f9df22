import { diffEditsMax } from "../limits.ts";

export interface DiffLine {
  readonly sign: "+" | "-" | " ";
  readonly text: string;
}

/** The shortest edit from one text to another, line by line (Myers, 1986). */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ sign: " ", text }));
  return [
    ...same(before.slice(0, start)),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

function diffMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const trace = shortestEdit(before, after);
  if (!trace) return [...signed("-", before), ...signed("+", after)];
  return walkBack(before, after, trace);
}

function signed(sign: "+" | "-", lines: readonly string[]): readonly DiffLine[] {
  return lines.map((text) => ({ sign, text }));
}

/** For each number of edits, how far along `before` each diagonal gets; undefined when there are too many edits. */
function shortestEdit(before: readonly string[], after: readonly string[]): readonly Map<number, number>[] | undefined {
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  const most = Math.min(before.length + after.length, diffEditsMax);
  for (let edits = 0; edits <= most; edits++) {
    trace.push(new Map(furthest));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepsDown(furthest, diagonal, edits) ? at(furthest, diagonal + 1) : at(furthest, diagonal - 1) + 1;
      let y = x - diagonal;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++;
        y++;
      }
      furthest.set(diagonal, x);
      if (x >= before.length && y >= after.length) return trace;
    }
  }
  return undefined;
}

function walkBack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly Map<number, number>[],
): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const previous = stepsDown(furthest, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const previousX = at(furthest, previous);
    const previousY = previousX - previous;
    while (x > previousX && y > previousY && x > 0 && y > 0) {
      lines.push({ sign: " ", text: before[--x] ?? "" });
      y--;
    }
    if (edits === 0) break;
    if (x === previousX) lines.push({ sign: "+", text: after[--y] ?? "" });
    else lines.push({ sign: "-", text: before[--x] ?? "" });
  }
  return lines.toReversed();
}

function stepsDown(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && at(furthest, diagonal - 1) < at(furthest, diagonal + 1));
}

function at(furthest: ReadonlyMap<number, number>, diagonal: number): number {
  return furthest.get(diagonal) ?? -1;
}

/** Changed lines with some unchanged ones around them; `undefined` stands for lines left out. */
export function hunks(lines: readonly DiffLine[], contextLines: number): readonly (DiffLine | undefined)[] {
  const shown = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.sign === " ") continue;
    for (let near = index - contextLines; near <= index + contextLines; near++) shown.add(near);
  }
  const result: (DiffLine | undefined)[] = [];
  let skipped = false;
  for (const [index, line] of lines.entries()) {
    if (!shown.has(index)) skipped = true;
    else {
      if (skipped && result.length > 0) result.push(undefined);
      skipped = false;
      result.push(line);
    }
  }
  return result;
}
