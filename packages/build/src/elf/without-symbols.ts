import { statSync } from "node:fs";
import type { FileEntry } from "../archive/image-entry.ts";
import { readElf } from "./elf-file.ts";

/**
 * A program as it is loaded, without what only linkers and debuggers read: the file ends after its last segment, and its header says that
 * there are no sections. Node's shrinks by a fifth.
 */
export function programWithoutSymbols(path: string, source: string): FileEntry {
  const { size } = statSync(source);
  const loadedBytes = Math.min(readElf(source)?.loadedBytes ?? size, size);
  // e_shoff, then e_shentsize stays and e_shnum and e_shstrndx are none.
  const patches =
    loadedBytes === size
      ? []
      : [
          { offset: 40, bytes: new Uint8Array(8) },
          { offset: 60, bytes: new Uint8Array(4) },
        ];
  return { kind: "file", path, mode: 0o755, content: { kind: "disk", path: source, bytes: loadedBytes, patches } };
}
