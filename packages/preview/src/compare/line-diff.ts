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

/** How far along `before` each diagonal gets with so many edits: the diagonals from `-edits` to `edits`, in this order. */
type Reach = Int32Array;

/** The reach after each number of edits, up to the last; undefined when there are too many edits. */
function shortestEdit(before: readonly string[], after: readonly string[]): readonly Reach[] | undefined {
  const trace: Reach[] = [];
  const most = Math.min(before.length + after.length, diffEditsMax);
  for (let edits = 0; edits <= most; edits++) {
    const previous = trace[edits - 1];
    const reach = new Int32Array(2 * edits + 1);
    trace.push(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepFrom(previous, diagonal, edits).x;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      reach[diagonal + edits] = x;
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
  }
  return undefined;
}

/** The better of the two ways to a diagonal: a line added (`down`) or one taken away. */
function stepFrom(previous: Reach | undefined, diagonal: number, edits: number): { x: number; down: boolean } {
  if (!previous) return { x: 0, down: true };
  const at = (other: number) => previous[other + edits - 1] ?? -1;
  const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
  return { x: down ? at(diagonal + 1) : at(diagonal - 1) + 1, down };
}

function walkBack(before: readonly string[], after: readonly string[], trace: readonly Reach[]): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const step = stepFrom(trace[edits - 1], x - y, edits);
    while (x > step.x) {
      lines.push({ sign: " ", text: before[--x] ?? "" });
      y--;
    }
    if (edits === 0) break;
    lines.push(step.down ? { sign: "+", text: after[--y] ?? "" } : { sign: "-", text: before[--x] ?? "" });
  }
  return lines.toReversed();
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
