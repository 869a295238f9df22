import type { Service } from "@fairway/spec";

/** Where the value of a variable comes from. */
export type VariableSource =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "database" | "events" | "cache" }
  | { readonly kind: "secret"; readonly name: string; readonly key: string };

/**
 * What the environment of a service holds beside HOST and PORT, read from its description alone. Secrets of one name
 * are one secret wherever they are asked for in an environment, so two services can share a key; a key that nobody
 * knows may be any long random text.
 */
export function wiringOf({ spec }: Service): ReadonlyMap<string, VariableSource> {
  const { postgres, cache, calls, publishes, consumes, secrets } = spec.needs;
  const wiring = new Map<string, VariableSource>();
  if (postgres) wiring.set("DATABASE_URL", { kind: "database" });
  if (cache) wiring.set("CACHE_URL", { kind: "cache" });
  if (publishes.length + consumes.length > 0) wiring.set("EVENTS_URL", { kind: "events" });
  for (const name of calls) wiring.set(addressVariable(name), { kind: "service", name });
  for (const { name, env } of secrets) {
    for (const [variable, key] of Object.entries(env)) wiring.set(variable, { kind: "secret", name, key });
  }
  for (const [variable, value] of Object.entries(spec.env)) wiring.set(variable, { kind: "text", value });
  return wiring;
}

/** `orders-service` is at ORDERS_URL, `payments-provider` at PAYMENTS_PROVIDER_URL. */
export function addressVariable(service: string): string {
  return `${service
    .replace(/-service$/, "")
    .replaceAll("-", "_")
    .toUpperCase()}_URL`;
}
