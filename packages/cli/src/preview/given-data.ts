import { pathOfPointer, type KnownCluster, type KnownPullRequest, type NoiseRule } from "@fairway/preview";
import { decode, YamlError } from "@fairway/yaml";
import { readFile } from "node:fs/promises";
import { CliError } from "../cli-error.ts";

/** Clusters for generators: a list of `{ name, server, labels, annotations, project }`. */
export async function readClusters(path: string): Promise<readonly KnownCluster[]> {
  return (await readList(path)).map((entry, index) => ({
    name: textOf(entry, "name", `${path}[${index}]`),
    server: textOf(entry, "server", `${path}[${index}]`),
    ...(typeof entry["project"] === "string" && { project: entry["project"] }),
    labels: textsOf(entry["labels"]),
    annotations: textsOf(entry["annotations"]),
  }));
}

/** Pull requests for generators: a list of `{ number, branch, headSha, targetBranch, title, author, labels }`. */
export async function readPullRequests(path: string): Promise<readonly KnownPullRequest[]> {
  return (await readList(path)).map((entry, index) => {
    const number = entry["number"];
    if (typeof number !== "number") throw invalid(`${path}[${index}].number`, "a number");
    const optional = (name: "title" | "targetBranch" | "author") =>
      typeof entry[name] === "string" ? { [name]: entry[name] } : {};
    return {
      number,
      branch: textOf(entry, "branch", `${path}[${index}]`),
      headSha: textOf(entry, "headSha", `${path}[${index}]`),
      ...optional("title"),
      ...optional("targetBranch"),
      ...optional("author"),
      labels: Array.isArray(entry["labels"]) ? entry["labels"].filter((label) => typeof label === "string") : [],
    };
  });
}

/** `/metadata/labels/build`, or `Deployment/orders:/spec/replicas`; `*` stands for anything. */
export function noiseRule(text: string): NoiseRule {
  const match = /^(?:([^/:]+)(?:\/([^/:]+))?:)?(\/.*)$/.exec(text);
  const [, kind, name, pointer] = match ?? [];
  if (pointer === undefined) {
    throw new CliError("bad-usage", `--ignore does not take "${text}"`, {
      hint: "write [KIND[/NAME]:]/path/to/field, such as Deployment:/spec/replicas",
    });
  }
  return { ...(kind !== undefined && { kind }), ...(name !== undefined && { name }), path: pathOfPointer(pointer) };
}

type Entry = Readonly<Record<string, unknown>>;

async function readList(path: string): Promise<readonly Entry[]> {
  try {
    const value = decode(await readFile(path, "utf8"));
    if (Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null))
      return value as readonly Entry[];
  } catch (error) {
    if (error instanceof YamlError) throw new CliError("invalid-input", `${path}: ${error.message}`, { cause: error });
    throw new CliError("unreadable", `${path} can't be read`, { cause: error });
  }
  throw invalid(path, "a list of objects");
}

function textOf(entry: Entry, name: string, where: string): string {
  const value = entry[name];
  if (typeof value === "string") return value;
  throw invalid(`${where}.${name}`, "a text");
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, each]) => [key, String(each)]));
}

function invalid(where: string, expected: string): CliError {
  return new CliError("invalid-input", `${where} must be ${expected}`);
}
