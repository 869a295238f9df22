import { decode, YamlError } from "@fairway/yaml";
import type { Platform, Service } from "@fairway/spec";
import { ManifestsError } from "./manifests-error.ts";
import { valueLines, type Value } from "./text/value-lines.ts";
import type { Lines } from "./text/lines.ts";

/** What runs where. Promotion writes it; nothing else in the state knows versions by itself. */
export type Versions = Readonly<Record<string, Readonly<Record<string, DeployedVersion>>>>;

export interface DeployedVersion {
  readonly version: string;
  readonly digest: string;
  readonly commit?: string;
  readonly deployed_at?: string;
  readonly deployed_by?: string;
}

const fields = ["version", "digest", "commit", "deployed_at", "deployed_by"] as const;

/** Reads registry/versions.yaml; without one nothing was ever deployed. */
export function readVersions(text: string | undefined): Versions {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = decode(text, { strict: true });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ManifestsError("invalid-versions", `registry/versions.yaml: ${error.message}`, error);
  }
  const environments = recordAt(recordAt(value ?? {}, "the file")["environments"] ?? {}, "environments");
  return mapValues(environments, (services, environment) =>
    mapValues(recordAt(services ?? {}, `environments.${environment}`), (entry, service) =>
      versionAt(entry, `environments.${environment}.${service}`),
    ),
  );
}

function versionAt(value: unknown, path: string): DeployedVersion {
  const entry = recordAt(value, path);
  const unknown = Object.keys(entry).find((key) => !fields.some((field) => field === key));
  if (unknown !== undefined) throw invalid(`${path}.${unknown}`, `there are ${fields.join(", ")}`);
  const text = (field: string): string | undefined => {
    const found = entry[field];
    if (found === undefined || typeof found === "string") return found;
    throw invalid(`${path}.${field}`, `it must be a text; found ${JSON.stringify(found)}`);
  };
  const version = text("version") ?? "";
  const digest = text("digest") ?? "";
  if (version === "") throw invalid(`${path}.version`, "it is missing");
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw invalid(`${path}.digest`, "it must be sha256: and 64 digits");
  const further = fields.slice(2).flatMap((field) => {
    const found = text(field);
    return found === undefined ? [] : [[field, found] as const];
  });
  return { version, digest, ...Object.fromEntries(further) };
}

function recordAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid(path, `it must be a mapping; found ${JSON.stringify(value)}`);
}

function invalid(path: string, message: string): ManifestsError {
  return new ManifestsError("invalid-versions", `registry/versions.yaml: ${path}: ${message}`);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** The file again: every environment in the order of promotion, and of the services those that are still there. */
export function versionsFile(platform: Platform, services: readonly Service[], versions: Versions): Lines {
  const environments = platform.spec.environments.map(({ name: environment }) => {
    const deployed = services.flatMap(({ metadata: { name } }) => {
      const entry = versionOf(versions, environment, name);
      return entry ? [[name, { ...entry } as Value] as const] : [];
    });
    return [environment, Object.fromEntries(deployed)] as const;
  });
  return {
    lines: [
      "# What runs where. A promotion writes it, and whoever wants to go back reverts that.",
      ...valueLines({ environments: Object.fromEntries(environments) }).lines,
    ],
  };
}

export function versionOf(versions: Versions, environment: string, service: string): DeployedVersion | undefined {
  const there = Object.hasOwn(versions, environment) ? versions[environment] : undefined;
  return there && Object.hasOwn(there, service) ? there[service] : undefined;
}
