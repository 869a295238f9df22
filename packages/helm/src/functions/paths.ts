import { type GoFunction, defineFunction } from "@fairway/gotemplate";
import { basePath, cleanPath, extensionOf } from "../text/go-path.ts";

const base = defineFunction(["string"], "string", basePath);
const dir = defineFunction(["string"], "string", (path) => cleanPath(path.slice(0, path.lastIndexOf("/") + 1)));
const clean = defineFunction(["string"], "string", cleanPath);
const ext = defineFunction(["string"], "string", extensionOf);
const isAbs = defineFunction(["string"], "bool", (path) => path.startsWith("/"));

/** The `os` names follow the machine in Go; charts are rendered as on Linux everywhere. */
export const pathFunctions: Readonly<Record<string, GoFunction>> = {
  base,
  dir,
  clean,
  ext,
  isAbs,
  osBase: base,
  osDir: dir,
  osClean: clean,
  osExt: ext,
  osIsAbs: isAbs,
};
