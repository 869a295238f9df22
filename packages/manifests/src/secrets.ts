import type { Platform, Service } from "@fairway/spec";
import { secretName } from "./naming.ts";

/** A Secret that has to be in the service's namespace before its pods can start. No file of the state holds its values. */
export interface RequiredSecret {
  readonly name: string;
  readonly keys: readonly string[];
  /** What is in it: the address (with user and password) of a store under `url`, or what the service itself asks for. */
  readonly purpose: "postgres" | "events" | "cache" | "own";
  /** For `own`: what service.yaml calls it. Services that name the same secret share its values. */
  readonly source?: string;
}

/** In the order in which the containers read them. */
export function secretsOf(_platform: Platform, service: Service): readonly RequiredSecret[] {
  const { metadata, spec } = service;
  const { needs } = spec;
  const store = (purpose: "postgres" | "events" | "cache"): RequiredSecret => ({
    name: secretName(metadata.name, purpose),
    keys: ["url"],
    purpose,
  });
  return [
    ...(needs.postgres ? [store("postgres")] : []),
    ...(hasEvents(service) ? [store("events")] : []),
    ...(needs.cache ? [store("cache")] : []),
    ...needs.secrets.map(({ name, env }) => ({
      name: secretName(metadata.name, name),
      keys: [...new Set(Object.values(env))].toSorted(),
      purpose: "own" as const,
      source: name,
    })),
  ];
}

export function hasEvents({ spec }: Service): boolean {
  return spec.needs.publishes.length > 0 || spec.needs.consumes.length > 0;
}
