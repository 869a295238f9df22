import { checkFiles } from "@fairway/spec";
import type { Service } from "@fairway/spec";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";
import { wiringOf } from "./service-wiring.ts";
import type { VariableSource } from "./service-wiring.ts";

export interface ShopService {
  readonly name: string;
  readonly database?: string;
  readonly wiring: ReadonlyMap<string, VariableSource>;
}

export interface ShopWorld {
  url(service: string): string;
  database(name: string): string;
  secret(name: string, key: string): string;
}

/** Where events are exchanged. */
export const eventsDatabase = "events";

/** The services of the shop as their descriptions have them; those that others lean on come first. */
export function readShopServices(folder: string): readonly ShopService[] {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.name, "service.yaml"))
    .flatMap((path) => readIfThere(folder, path));
  const { services, problems } = checkFiles(files);
  const error = problems.find(({ severity }) => severity === "error");
  if (error) {
    throw new CliError("invalid-input", `${error.file}:${error.line}: ${error.message}`, { hint: "fairway check" });
  }
  const depths = callDepths(services);
  return services.map(shopService).toSorted((a, b) => (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0));
}

export function shopDatabases(services: readonly ShopService[]): readonly string[] {
  return [eventsDatabase, ...services.flatMap(({ database }) => (database === undefined ? [] : [database]))];
}

/** The variables of a service in this world. Without a Redis each replica caches for itself. */
export function environmentOf({ database, wiring }: ShopService, world: ShopWorld): Record<string, string> {
  const valueOf = (source: VariableSource): string => {
    switch (source.kind) {
      case "text":
        return source.value;
      case "service":
        return world.url(source.name);
      case "secret":
        return world.secret(source.name, source.key);
      case "database":
        return world.database(database ?? "");
      case "events":
        return world.database(eventsDatabase);
      case "cache":
        return "";
    }
  };
  return Object.fromEntries([...wiring].map(([variable, source]) => [variable, valueOf(source)]));
}

function readIfThere(folder: string, path: string): readonly { path: string; bytes: Uint8Array }[] {
  try {
    return [{ path, bytes: readFileSync(join(folder, path)) }];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function shopService(service: Service): ShopService {
  const { name } = service.metadata;
  const wiring = wiringOf(service);
  if (!service.spec.needs.postgres) return { name, wiring };
  return { name, wiring, database: name.replace(/-service$/, "").replaceAll("-", "_") };
}

/** How many services are below each, at most; descriptions without circles end. */
function callDepths(services: readonly Service[]): ReadonlyMap<string, number> {
  const calls = new Map(services.map(({ metadata, spec }) => [metadata.name, spec.needs.calls]));
  const depths = new Map<string, number>();
  const depthOf = (name: string, above: readonly string[]): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const below = (calls.get(name) ?? []).filter((each) => !above.includes(each));
    const depth = Math.max(0, ...below.map((each) => 1 + depthOf(each, [...above, name])));
    depths.set(name, depth);
    return depth;
  };
  for (const name of calls.keys()) depthOf(name, [name]);
  return depths;
}
