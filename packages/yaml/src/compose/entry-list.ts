import { keyText } from "../node.ts";
import type { MappingEntry, YamlNode } from "../node.ts";

/** The entries of a mapping that is being read: a later entry takes the place of an earlier one with its key. */
export class EntryList {
  readonly entries: MappingEntry[] = [];
  /** Index and origin of each key. */
  readonly #known = new Map<string, { index: number; merged: boolean }>();

  /** False when the mapping itself (not a merge) already has the key. */
  set(key: YamlNode, value: YamlNode, merged: boolean): boolean {
    const name = keyText(key);
    if (name === undefined) {
      this.entries.push({ key, value });
      return true;
    }
    const known = this.#known.get(name);
    if (known === undefined) {
      this.#known.set(name, { index: this.entries.length, merged });
      this.entries.push({ key, value });
      return true;
    }
    this.entries[known.index] = { key, value };
    const duplicate = !known.merged && !merged;
    known.merged = merged;
    return !duplicate;
  }
}
