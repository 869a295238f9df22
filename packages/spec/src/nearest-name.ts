import { nameComparisonsMax } from "./limits.ts";

/** The one name that a slip of the fingers makes into `found`, if there is one near enough to be worth saying. */
export function nearestName(found: string, names: readonly string[]): string | undefined {
  const wanted = found.toLowerCase();
  let best: string | undefined;
  let limit = Math.max(1, Math.floor(found.replace(/^-+/, "").length / 3));
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, name.toLowerCase(), limit);
    if (distance > limit) continue;
    best = name;
    if (distance === 0) break;
    limit = distance - 1;
  }
  return best;
}

/**
 * Nearest names for the references of a whole platform. Looking through all names for each of very many unknown ones
 * would cost the square of the platform: the same slip is looked up once, and beyond a budget there are no more hints.
 */
export class NearestNames {
  readonly #names: readonly string[];
  readonly #known = new Map<string, string | undefined>();
  #comparisonsLeft = nameComparisonsMax;

  constructor(names: Iterable<string>) {
    this.#names = [...names];
  }

  of(found: string): string | undefined {
    if (this.#known.has(found)) return this.#known.get(found);
    if (this.#comparisonsLeft < this.#names.length) return undefined;
    this.#comparisonsLeft -= this.#names.length;
    const nearest = nearestName(found, this.#names);
    this.#known.set(found, nearest);
    return nearest;
  }
}

/** Optimal string alignment: insert, delete, change or swap two neighbours, each costs one. Beyond the limit any larger number. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    // A swap can still take one from the row before; two rows over the limit can't come back under it.
    if (least > limit + 1) return least;
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
