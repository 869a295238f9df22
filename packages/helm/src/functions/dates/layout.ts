// Go's layouts: a reference time, "Mon Jan 2 15:04:05 MST 2006", written the way the text should look.

export interface Chunk {
  /** Text before the element. */
  readonly prefix: string;
  /** The element as it stands in the layout; empty at the end. */
  readonly element: string;
}

const elements = [
  "January",
  "Jan(?![a-z])",
  "Monday",
  "Mon(?![a-z])",
  "MST",
  "0[1-6]",
  "002",
  "15",
  "1",
  "2006",
  "2",
  "_2(?!006)",
  "__2",
  "3",
  "4",
  "5",
  "PM",
  "pm",
  "-070000",
  "-07:00:00",
  "-0700",
  "-07:00",
  "-07",
  "Z070000",
  "Z07:00:00",
  "Z0700",
  "Z07:00",
  "Z07",
  "[.,](?:0+|9+)(?![0-9])",
];
const pattern = new RegExp(elements.join("|"), "g");

const known = new Map<string, readonly Chunk[]>();
const knownMax = 200;

/** The layout in pieces; the last one has no element. */
export function layoutChunks(layout: string): readonly Chunk[] {
  const present = known.get(layout);
  if (present !== undefined) return present;
  const chunks: Chunk[] = [];
  let end = 0;
  for (const match of layout.matchAll(pattern)) {
    chunks.push({ prefix: layout.slice(end, match.index), element: match[0] });
    end = match.index + match[0].length;
  }
  chunks.push({ prefix: layout.slice(end), element: "" });
  if (known.size >= knownMax) known.clear();
  known.set(layout, chunks);
  return chunks;
}

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

export const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
