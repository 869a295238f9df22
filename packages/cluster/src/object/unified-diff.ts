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

/** What is the same stays; what is removed comes before what takes its place. */
function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  let [left, right] = [0, 0];
  const end: Match = { left: before.length, right: after.length, length: 0 };
  for (const match of [...matchesOf(before, after), end]) {
    for (; left < match.left; left++)
      edits.push({ kind: "removed", line: before[left] ?? "", before: left, after: right });
    for (; right < match.right; right++)
      edits.push({ kind: "added", line: after[right] ?? "", before: left, after: right });
    for (const last = left + match.length; left < last; left++, right++)
      edits.push({ kind: "same", line: before[left] ?? "", before: left, after: right });
  }
  return edits;
}

/** Lines that are the same, one after another. */
interface Match {
  readonly left: number;
  readonly right: number;
  readonly length: number;
}

/** Of texts this long, lines that are there again and again say nothing. */
const LONG = 200;
const COMMON_SHARE = 100;

/** As Ratcliff and Obershelp do it: the longest that is the same, and then the same on both sides of it. */
function matchesOf(before: readonly string[], after: readonly string[]): Match[] {
  const places = placesOf(after);
  const matches: Match[] = [];
  const waiting = [{ left: 0, leftEnd: before.length, right: 0, rightEnd: after.length }];
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    const match = longestMatch(before, after, places, range);
    if (match.length === 0) continue;
    matches.push(match);
    const { left, leftEnd, right, rightEnd } = range;
    waiting.push({ left, leftEnd: match.left, right, rightEnd: match.right });
    waiting.push({ left: match.left + match.length, leftEnd, right: match.right + match.length, rightEnd });
  }
  return matches.toSorted((one, other) => one.left - other.left);
}

function placesOf(lines: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const known = places.get(line);
    if (known) known.push(index);
    else places.set(line, [index]);
  }
  const countMax = Math.floor(lines.length / COMMON_SHARE) + 1;
  if (lines.length >= LONG) for (const [line, { length }] of places) if (length > countMax) places.delete(line);
  return places;
}

interface Range {
  readonly left: number;
  readonly leftEnd: number;
  readonly right: number;
  readonly rightEnd: number;
}

function longestMatch(
  before: readonly string[],
  after: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  range: Range,
): Match {
  let [left, right, length] = [range.left, range.right, 0];
  let lengths = new Map<number, number>();
  for (let index = range.left; index < range.leftEnd; index++) {
    const next = new Map<number, number>();
    for (const place of places.get(before[index] ?? "") ?? []) {
      if (place < range.right || place >= range.rightEnd) continue;
      const own = (lengths.get(place - 1) ?? 0) + 1;
      next.set(place, own);
      if (own > length) [left, right, length] = [index - own + 1, place - own + 1, own];
    }
    lengths = next;
  }
  while (left > range.left && right > range.right && before[left - 1] === after[right - 1])
    [left, right, length] = [left - 1, right - 1, length + 1];
  while (
    left + length < range.leftEnd &&
    right + length < range.rightEnd &&
    before[left + length] === after[right + length]
  )
    length += 1;
  return { left, right, length };
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
