import { bytesToString, defineFunction, mapSet, sliceType, withType } from "@fairway/gotemplate";
import type { GoMap, GoType } from "@fairway/gotemplate";
import { encode } from "@fairway/yaml";
import type { ChartFile } from "../chart/chart-file.ts";
import { basePath } from "../text/go-path.ts";
import { compileGlob } from "./glob.ts";

const stringsType = sliceType("string");

/** `.Files`: a map of the chart's own files with methods. Templates see nothing outside it. */
const filesType: GoType = {
  name: "engine.files",
  kind: "map",
  elem: "[]uint8",
  methods: {
    Get: (receiver) =>
      defineFunction(["string"], "string", (name) => bytesToString(fileIn(receiver, name) ?? new Uint8Array())),
    GetBytes: (receiver) => defineFunction(["string"], "[]uint8", (name) => fileIn(receiver, name) ?? new Uint8Array()),
    Glob: (receiver) =>
      defineFunction(["string"], "engine.files", (pattern) => {
        const matches = compileGlob(pattern);
        return filesMap(entriesOf(receiver).filter(([name]) => matches(name)));
      }),
    Lines: (receiver) =>
      defineFunction(["string"], "[]string", (name) => withType(stringsType, linesOf(fileIn(receiver, name)))),
    AsConfig: (receiver) =>
      defineFunction([], "string", () => asYaml(entriesOf(receiver), (data) => bytesToString(data))),
    AsSecrets: (receiver) =>
      defineFunction([], "string", () => asYaml(entriesOf(receiver), (data) => Buffer.from(data).toString("base64"))),
  },
};

export function filesValue(files: readonly ChartFile[]): GoMap {
  return filesMap(files.map((file) => [file.name, file.data]));
}

function filesMap(entries: readonly (readonly [string, Uint8Array])[]): GoMap {
  const map: GoMap = {};
  for (const [name, data] of entries) mapSet(map, name, data);
  return withType(filesType, map);
}

function entriesOf(receiver: unknown): [string, Uint8Array][] {
  return Object.entries(receiver as GoMap).filter(
    (entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array,
  );
}

function fileIn(receiver: unknown, name: string): Uint8Array | undefined {
  const data = Object.hasOwn(receiver as GoMap, name) ? (receiver as GoMap)[name] : undefined;
  return data instanceof Uint8Array ? data : undefined;
}

function linesOf(data: Uint8Array | undefined): string[] {
  if (data === undefined) return [];
  const text = bytesToString(data);
  // Helm's own code fails on an empty file here, and the render with it.
  if (text === "") throw new Error("runtime error: index out of range [-1]");
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/** A YAML mapping from the files' base names to their contents; of two of one name, one wins. */
function asYaml(entries: readonly (readonly [string, Uint8Array])[], convert: (data: Uint8Array) => string): string {
  const map: GoMap = {};
  for (const [name, data] of entries) mapSet(map, basePath(name), convert(data));
  return encode(map).replace(/\n$/u, "");
}
