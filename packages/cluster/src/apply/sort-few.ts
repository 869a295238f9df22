/** So few are sorted in place with less than the way that is best for many takes. */
const FEW_MAX = 16;

/** Sorts a list, of which there are mostly few, mostly nearly in order. */
export function sortFew<T>(list: T[], compare: (left: T, right: T) => number): T[] {
  if (list.length > FEW_MAX) return list.sort(compare);
  for (let end = 1; end < list.length; end++) settle(list, end, compare);
  return list;
}

/** Brings an item to its place among those before it, which are in order. */
function settle<T>(list: T[], index: number, compare: (left: T, right: T) => number): void {
  for (let at = index; at > 0; at--) {
    const before = list[at - 1];
    const item = list[at];
    if (before === undefined || item === undefined || compare(before, item) <= 0) return;
    list[at - 1] = item;
    list[at] = before;
  }
}
