import { programWithoutSymbols } from "../elf/without-symbols.ts";
import { fileMark } from "../layers/file-mark.ts";
import type { LayerSource } from "../layers/layer-cache.ts";

export const nodePath = "usr/bin/node";

/** Node alone: the same layer under every service and version of it. */
export function nodeLayer(path: string): LayerSource {
  return { key: ["node", fileMark(path)], isShared: true, entries: () => [programWithoutSymbols(nodePath, path)] };
}
