const CONTEXT = 3;

/** What changed between two lists of lines, with three lines around it, as `diff -u` shows it without the names of the files. */
export function unifiedDiff(before: readonly string[], after: readonly string[]): string {
  const edits = editsOf(before, after);
  let text = "";
  for (const hunk of hunksOf(edits)) {
    const [first] = hunk;
    if (!first) continue;
    const removed = hunk.filter(({ kind }) => kind !== "added").length;
    const added = hunk.filter(({ kind }) => kind !== "removed").length;
    text += `@@ -${range(first.before, removed)} +${range(first.after, added)} @@\n`;
    for (const { kind, line } of hunk) text += `${kind === "same" ? " " : kind === "added" ? "+" : "-"}${line}\n`;
  }
  return text;
}

interface Edit {
  readonly kind: "same" | "added" | "removed";
  readonly line: string;
  /** The positions before this line. */
  readonly before: number;
  readonly after: number;
}

function range(start: number, length: number): string {
  if (length === 1) return String(start + 1);
  return `${length === 0 ? start : start + 1},${length}`;
}

/** The longest lines in common stay; what is removed comes before what takes its place. */
function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const lengths = commonLengths(before, after);
  const edits: Edit[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [old, next] = [before[left], after[right]];
    const at = { before: left, after: right };
    if (old !== undefined && old === next) {
      edits.push({ kind: "same", line: old, ...at });
      left += 1;
      right += 1;
    } else if (
      old !== undefined &&
      (next === undefined || lengthAt(lengths, left + 1, right) >= lengthAt(lengths, left, right + 1))
    ) {
      edits.push({ kind: "removed", line: old, ...at });
      left += 1;
    } else if (next !== undefined) {
      edits.push({ kind: "added", line: next, ...at });
      right += 1;
    }
  }
  return edits;
}

function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let left = before.length - 1; left >= 0; left--) {
    const row = rows[left] ?? new Uint32Array();
    for (let right = after.length - 1; right >= 0; right--) {
      row[right] =
        before[left] === after[right]
          ? lengthAt(rows, left + 1, right + 1) + 1
          : Math.max(lengthAt(rows, left + 1, right), lengthAt(rows, left, right + 1));
    }
  }
  return rows;
}

function lengthAt(rows: readonly Uint32Array[], left: number, right: number): number {
  return rows[left]?.[right] ?? 0;
}

function hunksOf(edits: readonly Edit[]): Edit[][] {
  const changed = edits.flatMap(({ kind }, index) => (kind === "same" ? [] : [index]));
  const hunks: Edit[][] = [];
  let start = -1;
  let end = -1;
  for (const index of changed) {
    if (start !== -1 && index - CONTEXT <= end) {
      end = index + CONTEXT + 1;
      continue;
    }
    if (start !== -1) hunks.push(edits.slice(start, end));
    start = Math.max(0, index - CONTEXT);
    end = index + CONTEXT + 1;
  }
  return start === -1 ? [] : [...hunks, edits.slice(start, end)];
}
