import { parseDocuments, textOfBytes, YamlError, keyText, type YamlNode } from "@fairway/yaml";
import { problemsPerFileMax, specDepthMax, specFileBytesMax, specNodesMax } from "../limits.ts";
import { platformSchema, type Platform } from "../model/platform.ts";
import { serviceSchema, type Service } from "../model/service.ts";
import { nearestName } from "../nearest-name.ts";
import type { Problem } from "../problem.ts";
import { readValue } from "./read-value.ts";
import { Reading, unreadable } from "./reading.ts";

/** A file as it was found: its path from the platform's folder, and its content. */
export interface GivenFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A description that could be read, with its tree for later complaints about its fields. */
export interface SpecFile<T> {
  readonly file: string;
  readonly root: YamlNode;
  readonly value: T;
  /** False when something could not be read and a stand-in took its place: good for further checks, for nothing else. */
  readonly isComplete: boolean;
}

export type ReadFile =
  | { readonly kind: "Platform"; readonly spec: SpecFile<Platform> | undefined; readonly problems: readonly Problem[] }
  | { readonly kind: "Service"; readonly spec: SpecFile<Service> | undefined; readonly problems: readonly Problem[] }
  | { readonly kind: "unknown"; readonly problems: readonly Problem[] };

/** The names under which descriptions are found. */
export function isSpecFile(path: string): boolean {
  return /(^|\/)(platform|service)\.ya?ml$/.test(path);
}

export function readSpecFile({ path, bytes }: GivenFile): ReadFile {
  if (bytes.length > specFileBytesMax) {
    const message = `the file has ${bytes.length} bytes; a description has at most ${specFileBytesMax}`;
    return { kind: "unknown", problems: [fileProblem(path, "too-large", message)] };
  }
  let text: string;
  try {
    text = textOf(bytes);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { kind: "unknown", problems: [fileProblem(path, "encoding", error.problem.message)] };
  }
  return readText(path, text);
}

/** UTF-8 alone: other tools that read the same files take nothing else. */
function textOf(bytes: Uint8Array): string {
  const text = textOfBytes(bytes);
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isUtf16) return text;
  const position = { line: 1, column: 1, offset: 0 };
  const message = "the file is written in UTF-16; save it as UTF-8";
  throw new YamlError({ code: "encoding", message, goMessage: message, position, excerpt: "" });
}

function readText(path: string, text: string): ReadFile {
  const limits = { depthMax: specDepthMax, nodesMax: specNodesMax };
  const { documents, problems: yamlProblems } = parseDocuments(text, { limits });
  const reading = new Reading(path, problemsPerFileMax);
  for (const { message, position } of yamlProblems.slice(0, problemsPerFileMax)) {
    const { line, column } = position;
    reading.problems.push({
      severity: "error",
      code: "yaml",
      file: path,
      line: Math.max(line, 1),
      column: Math.max(column, 1),
      path: "",
      message,
    });
  }
  // A key that stands twice leaves a tree that can be read; anything else that is wrong with the YAML doesn't.
  if (yamlProblems.some(({ code }) => code !== "duplicate-key")) return { kind: "unknown", problems: reading.problems };
  const [root, second] = documents.map((document) => document.root).filter((each) => !isEmpty(each));
  if (!root) {
    return {
      kind: "unknown",
      problems: [
        fileProblem(path, "missing-field", "the file is empty; it has to begin with apiVersion: fairway.dev/v1"),
      ],
    };
  }
  if (second)
    reading.complain(
      { node: second, path: "" },
      { code: "yaml", message: "a file holds one description; put the second document into a file of its own" },
    );
  return readDocument(root, reading);
}

/** What stands behind a last `---`, or in a file of comments. */
function isEmpty(root: YamlNode): boolean {
  return root.kind === "scalar" && root.value === null && root.text === "";
}

function readDocument(root: YamlNode, reading: Reading): ReadFile {
  const { file, problems } = reading;
  const kind = kindOf(root, reading);
  const place = { node: root, path: "" };
  if (kind === "Service") {
    const value = readValue(serviceSchema, place, reading);
    return {
      kind,
      spec: value === unreadable ? undefined : { file, root, value, isComplete: problems.length === 0 },
      problems,
    };
  }
  if (kind === "Platform") {
    const value = readValue(platformSchema, place, reading);
    return {
      kind,
      spec: value === unreadable ? undefined : { file, root, value, isComplete: problems.length === 0 },
      problems,
    };
  }
  return { kind: "unknown", problems };
}

const kinds = ["Platform", "Service"] as const;

/**
 * Without a kind, the file's name says what is meant, so that all other mistakes are found as well. A kind that is not
 * the one of the name is refused: `fairway` and people look for platforms and services by the names of their files.
 */
function kindOf(root: YamlNode, reading: Reading): (typeof kinds)[number] | undefined {
  if (root.kind !== "mapping") {
    const message = "a description is a map that begins with apiVersion: fairway.dev/v1";
    reading.complain({ node: root, path: "" }, { code: "wrong-type", message });
    return undefined;
  }
  const node = root.entries.find(({ key }) => keyText(key) === "kind")?.value;
  const text = node?.kind === "scalar" ? node.text : undefined;
  const known = kinds.find((kind) => kind === text);
  const named = /(^|\/)platform\.ya?ml$/.test(reading.file) ? "Platform" : "Service";
  if (node === undefined) return named;
  if (known) {
    if (known !== named) {
      const name = `${known.toLowerCase()}.yaml`;
      const message = `a ${known} has to be in a file named ${name}`;
      reading.complain({ node, path: "kind" }, { code: "inconsistent", message });
    }
    return known;
  }
  const message = `kind must be Platform or Service; found ${text === undefined ? "no text" : JSON.stringify(text)}`;
  const suggestion = nearestName(text ?? "", kinds);
  reading.complain({ node, path: "kind" }, { code: "wrong-value", message, allowed: kinds.join(", "), suggestion });
  return undefined;
}

function fileProblem(file: string, code: Problem["code"], message: string): Problem {
  return { severity: "error", code, file, line: 1, column: 1, path: "", message };
}
