import { randomBytes } from "node:crypto";
import type { KubeObject } from "@fairway/kube-client";
import { namespaceOf, secretsOf, type RequiredSecret } from "@fairway/manifests";
import { databaseOf, eventsDatabase } from "./control-plan.ts";
import type { Workspace } from "./workspace.ts";

/** Values of secrets, made up or given once, by `name/key`: whoever runs the platform keeps them, so that they stay what they are. */
export type KeptValues = Readonly<Record<string, string>>;

export interface SecretsOptions {
  readonly environment: string;
  /** Of earlier times. */
  readonly known: KeptValues;
  /** Values of the person's own, by `name/key`; they stay until others are given. */
  readonly given: ReadonlyMap<string, string>;
  /** For a database, with role and password. */
  readonly databaseUrl: (database: string) => string;
}

export interface PlatformSecrets {
  readonly objects: readonly KubeObject[];
  readonly kept: KeptValues;
}

/** The Secrets that the charts of a platform refer to. Two services that name a secret alike share its values. */
export function platformSecrets(workspace: Workspace, options: SecretsOptions): PlatformSecrets {
  const { platform, services } = workspace;
  const values = new SecretValues(options);
  const objects = services.flatMap((service) =>
    secretsOf(platform, service).flatMap((required) => {
      const data = values.of(required, databaseOf(service.metadata.name));
      if (data === undefined) return [];
      const namespace = namespaceOf(platform, options.environment, service.metadata.name);
      const labels = { "app.kubernetes.io/name": service.metadata.name, "app.kubernetes.io/managed-by": "fairway" };
      return [
        { apiVersion: "v1", kind: "Secret", metadata: { name: required.name, namespace, labels }, stringData: data },
      ];
    }),
  );
  return { objects, kept: values.kept };
}

class SecretValues {
  readonly #options: SecretsOptions;
  readonly #kept: Record<string, string>;

  constructor(options: SecretsOptions) {
    this.#options = options;
    this.#kept = { ...options.known, ...Object.fromEntries(options.given) };
  }

  get kept(): KeptValues {
    return this.#kept;
  }

  /** Undefined for what a service does without. */
  of({ purpose, keys, name, source = name }: RequiredSecret, database: string): Record<string, string> | undefined {
    const { databaseUrl } = this.#options;
    switch (purpose) {
      case "postgres":
        return { url: databaseUrl(database) };
      case "events":
        return { url: databaseUrl(eventsDatabase) };
      case "cache": {
        const url = this.#kept["cache/url"];
        return url === undefined ? undefined : { url };
      }
      case "own":
        return Object.fromEntries(keys.map((key) => [key, this.#valueOf(`${source}/${key}`)]));
    }
  }

  #valueOf(place: string): string {
    return (this.#kept[place] ??= newSecret());
  }
}

/** Letters, digits, dash and underscore: it goes into addresses as it is. */
export function newSecret(): string {
  return randomBytes(24).toString("base64url");
}
