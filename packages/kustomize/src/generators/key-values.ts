import { KustomizeError, withPrefix } from "../kustomize-error.ts";
import type { Loader } from "../loader/loader.ts";
import { baseName } from "../loader/posix-path.ts";
import { goQuote } from "../node/go-json.ts";

/** Where the entries of a generated object come from. */
export interface KeyValueSources {
  readonly literals: readonly string[];
  readonly files: readonly string[];
  readonly envs: readonly string[];
}

export interface KeyValue {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** All entries, in kustomize's order: env files, literals, files. */
export async function loadKeyValues(loader: Loader, sources: KeyValueSources): Promise<KeyValue[]> {
  const result: KeyValue[] = [];
  for (const path of sources.envs) {
    const content = await prefixed(`env source files: [${sources.envs.join(" ")}]`, () => loader.load(path));
    withPrefix(
      () => `env source files: [${sources.envs.join(" ")}]`,
      () => result.push(...parseEnvFile(content)),
    );
  }
  withPrefix(
    () => `literal sources [${sources.literals.join(" ")}]`,
    () => result.push(...sources.literals.map(parseLiteral)),
  );
  for (const source of sources.files) {
    const entry = await prefixed(`file sources: [${sources.files.join(" ")}]`, async () => {
      const [key, path] = parseFileSource(source);
      return { key, bytes: await loader.load(path) };
    });
    result.push(entry);
  }
  return result;
}

async function prefixed<Result>(prefix: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    return withPrefix(
      () => prefix,
      () => {
        throw error;
      },
    );
  }
}

function parseLiteral(source: string): KeyValue {
  const at = source.indexOf("=");
  if (at <= 0) throw new KustomizeError("transform", `invalid literal source ${source}, expected key=value`);
  return { key: source.slice(0, at), bytes: Buffer.from(unquote(source.slice(at + 1))) };
}

function unquote(text: string): string {
  const first = text.charAt(0);
  const isQuoted = text.length >= 2 && first === text.at(-1) && (first === '"' || first === "'");
  return isQuoted ? text.slice(1, -1) : text;
}

function parseFileSource(source: string): [key: string, path: string] {
  const parts = source.split("=");
  const [key = "", path = ""] = parts;
  if (parts.length === 1) return [baseName(source), source];
  if (parts.length > 2) {
    throw new KustomizeError("transform", `source ${goQuote(source)} key name or file path contains '='`);
  }
  if (key === "") {
    throw new KustomizeError(
      "transform",
      `missing key name for file path ${goQuote(path)} in source ${goQuote(source)}`,
    );
  }
  if (path === "") {
    throw new KustomizeError(
      "transform",
      `missing file path for key name ${goQuote(key)} in source ${goQuote(source)}`,
    );
  }
  return [key, path];
}

function parseEnvFile(content: Uint8Array): KeyValue[] {
  const result: KeyValue[] = [];
  const text = decodeUtf8(content);
  for (const raw of text.replace(/^\ufeff/, "").split("\n")) {
    const line = (raw.endsWith("\r") ? raw.slice(0, -1) : raw).trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const at = line.indexOf("=");
    const key = at < 0 ? line : line.slice(0, at);
    if (key !== "") result.push({ key, bytes: Buffer.from(at < 0 ? "" : line.slice(at + 1)) });
  }
  return result;
}

function decodeUtf8(content: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (error) {
    throw new KustomizeError("transform", "the env file has invalid utf8 bytes", error);
  }
}
