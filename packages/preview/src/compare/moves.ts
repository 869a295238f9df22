import type { ApplicationPreview, MovedObject } from "../report/preview-result.ts";
import type { KeyedChange } from "./compare.ts";

export interface ComparedApplication extends Omit<ApplicationPreview, "moved" | "objects"> {
  readonly changes: readonly KeyedChange[];
}

/** An object that leaves one application and comes to another as it was has moved; nothing happens to it in the cluster. */
export function withMoves(compared: readonly ComparedApplication[]): readonly ApplicationPreview[] {
  const moves = findMoves(compared);
  return compared.map(({ changes, ...application }) => {
    const moved: MovedObject[] = [];
    const objects = changes.flatMap(({ key, change }) => {
      const move = change.change === "changed" ? undefined : moves.get(key);
      if (move) moved.push(move);
      return move ? [] : [change];
    });
    return { ...application, objects, moved };
  });
}

function findMoves(compared: readonly ComparedApplication[]): ReadonlyMap<string, MovedObject> {
  const arrivals = new Map<string, { readonly text: string; readonly to: string }>();
  for (const { name, changes } of compared) {
    for (const { key, text, change } of changes) if (change.change === "added") arrivals.set(key, { text, to: name });
  }
  const moves = new Map<string, MovedObject>();
  for (const { name: from, changes } of compared) {
    for (const { key, text, change } of changes) {
      const arrival = change.change === "removed" ? arrivals.get(key) : undefined;
      if (arrival?.text !== text) continue;
      const { kind, namespace, name } = change;
      moves.set(key, { kind, namespace, name, from, to: arrival.to });
    }
  }
  return moves;
}
