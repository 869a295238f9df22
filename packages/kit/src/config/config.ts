import { readFileSync } from "node:fs";
import { limits } from "../limits.ts";
import { compile, t } from "../schema.ts";
import { coerceText } from "./coerce.ts";
import type { Static, TSchema } from "../schema.ts";
import type { TObject, TProperties } from "typebox";

export type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "invalid_config";
  /** One line for each variable that is missing or wrong. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration has ${problems.length} problem(s):\n${problems.map((each) => `  ${each}`).join("\n")}`);
    this.problems = problems;
  }
}

/** What every service reads; `serviceConfig` adds a service's own. */
export const baseProperties = {
  HOST: t.String({ default: "127.0.0.1", minLength: 1, description: "address to listen on" }),
  PORT: t.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: "port to listen on; 0 takes a free one" }),
  SERVICE_VERSION: t.String({
    default: "0.1.0",
    minLength: 1,
    description: "what runs, for clients, logs and metrics",
  }),
  LOG_LEVEL: t.Union([t.Literal("debug"), t.Literal("info"), t.Literal("warn"), t.Literal("error")], {
    default: "info",
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: t.Optional(
    t.String({ format: "url", description: "where spans go, as OTLP over HTTP" }),
  ),
  AUTH_URL: t.Optional(t.String({ format: "url", description: "the service that signs tokens" })),
  AUTH_JWKS_URL: t.Optional(
    t.String({ format: "url", description: "the keys of tokens, when they are not at AUTH_URL/auth/jwks.json" }),
  ),
  AUTH_ISSUER: t.String({ default: "shop", minLength: 1 }),
  SHUTDOWN_SECONDS: t.Number({ default: limits.shutdownSeconds, minimum: 0, maximum: 3_600 }),
};

export type BaseConfig = Static<TObject<typeof baseProperties>>;

type WithBase<P extends TProperties> = TObject<Omit<typeof baseProperties, keyof P> & P>;

export function serviceConfig<P extends TProperties>(properties: P): WithBase<P> {
  return t.Object({ ...baseProperties, ...properties }) as unknown as WithBase<P>;
}

/**
 * Reads the variables that the schema names. `NAME_FILE` holds the path of a file with the value, as mounted secrets
 * come. An empty variable counts as absent.
 */
export function loadConfig<P extends TProperties>(schema: TObject<P>, env: Environment): Static<TObject<P>> {
  const problems: string[] = [];
  const found: Record<string, unknown> = {};
  const required = requiredOf(schema);
  for (const [name, property] of Object.entries<TSchema>(schema.properties)) {
    const text = readVariable(name, env, problems);
    const value = text === undefined ? defaultOf(property) : coerceText(property, text);
    if (value !== undefined) found[name] = value;
    else if (required.includes(name) && !problems.some((each) => each.startsWith(`${name}_FILE`))) {
      problems.push(`${name} is missing${describe(property)}`);
    }
  }
  for (const [name, property] of Object.entries<TSchema>(schema.properties)) {
    if (!Object.hasOwn(found, name)) continue;
    for (const each of compile(property).problems(found[name])) {
      problems.push(`${name} ${each.detail}; found ${shown(name, property, found[name])}${describe(property)}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return found as Static<TObject<P>>;
}

function readVariable(name: string, env: Environment, problems: string[]): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return env[name] === "" ? undefined : env[name];
  try {
    return readFileSync(file, "utf8").trimEnd();
  } catch (error) {
    problems.push(`${name}_FILE names ${JSON.stringify(file)}, which cannot be read (${codeOf(error)})`);
    return undefined;
  }
}

function requiredOf(schema: TSchema): readonly unknown[] {
  return "required" in schema && Array.isArray(schema.required) ? schema.required : [];
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function defaultOf(property: TSchema): unknown {
  return "default" in property ? property.default : undefined;
}

function describe(property: TSchema): string {
  return "description" in property ? ` (${String(property.description)})` : "";
}

const secretName = /PASSWORD|SECRET|TOKEN|KEY|CREDENTIAL|_URL$|ENDPOINT$/;

/** Addresses may hold passwords, so they are not repeated either. */
function shown(name: string, property: TSchema, value: unknown): string {
  return "writeOnly" in property || secretName.test(name) ? "a value that is not shown" : JSON.stringify(value);
}
