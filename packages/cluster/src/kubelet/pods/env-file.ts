import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveInRoot } from "../images/root-path.ts";
import { KubeletError, systemCodeOf } from "../kubelet-error.ts";
import { envFileBytesMax } from "../limits.ts";
import type { FileKeyRef } from "./pod.ts";

/** The value of a key in a file of a volume, which an init container has written; undefined where it may be missing and is. */
export function envFileValue(reference: FileKeyRef, folder: string | undefined): string | undefined {
  const { volumeName, path, key, optional } = reference;
  if (folder === undefined)
    throw new KubeletError(
      "config-missing",
      `cannot find the volume ${JSON.stringify(volumeName)} referenced by FileKeyRef`,
    );
  const file = resolveInRoot(folder, join(folder, path));
  const text = file === undefined ? undefined : readText(file);
  const value = text === undefined ? undefined : findVariable(text, key);
  if (value === undefined) throw new KubeletError("config-missing", "couldn't parse env file");
  if (value !== "") return value;
  if (optional === true) return undefined;
  const where = JSON.stringify(join(folder, path));
  throw new KubeletError(
    "config-missing",
    `environment variable key ${JSON.stringify(key)} not found in file ${where}`,
  );
}

/** What a file of lines `KEY='value'` says of a key: empty when it says nothing, undefined where a line before it has another form. */
export function findVariable(text: string, key: string): string | undefined {
  const lines = text.split("\n").map((line) => line.replace(/\r$/u, ""));
  if (lines.at(-1) === "") lines.pop();
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const start = line.replace(/^[ \t]+/u, "");
    if (start === "" || start.startsWith("#")) continue;
    const equals = start.indexOf("=");
    const name = start.slice(0, Math.max(equals, 0));
    if (name === "" || /[ \t]$/u.test(name)) return undefined;
    const rest = start.slice(equals + 1);
    // As a shell reads it: the value is empty, and what follows a command.
    if (/^[ \t]/u.test(rest)) {
      if (name === key) return "";
      continue;
    }
    const value = rest.startsWith("'") ? quoted(rest.slice(1), lines) : undefined;
    if (value === undefined || name === key) return value;
  }
  return "";
}

/** What stands between quotes, which may take several lines; after it nothing but a comment. */
function quoted(first: string, following: string[]): string | undefined {
  let value = first;
  while (!value.includes("'")) {
    const next = following.shift();
    if (next === undefined) return undefined;
    value += `\n${next}`;
  }
  const end = value.indexOf("'");
  return /^[ \t]*(?:#.*)?$/u.test(value.slice(end + 1)) ? value.slice(0, end) : undefined;
}

function readText(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length > envFileBytesMax ? undefined : bytes.toString("utf8");
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}
