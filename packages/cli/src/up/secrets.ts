import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "@fairway/kube-client";
import { namespaceOf, secretsOf, type RequiredSecret } from "@fairway/manifests";
import { writePrivate } from "../background/background-process.ts";
import { databaseOf, eventsDatabase } from "./control-plan.ts";
import type { Workspace } from "./workspace.ts";

/** The values that were made up for secrets of services, by `name/key`: the same in every start. */
type MadeUp = Record<string, string>;

export interface SecretsOptions {
  readonly environment: string;
  /** Where made-up values are kept. */
  readonly state: string;
  /** Values of the person's own, by `name/key`. */
  readonly given: ReadonlyMap<string, string>;
  /** For a database, with role and password. */
  readonly databaseUrl: (database: string) => string;
}

/** The Secrets that the charts of a platform refer to. Two services that name a secret alike share its values. */
export function platformSecrets(workspace: Workspace, options: SecretsOptions): readonly KubeObject[] {
  const { platform, services } = workspace;
  const values = new SecretValues(options);
  const secrets = services.flatMap((service) =>
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
  values.keep();
  return secrets;
}

class SecretValues {
  readonly #options: SecretsOptions;
  readonly #path: string;
  readonly #known: MadeUp;
  #isNew = false;

  constructor(options: SecretsOptions) {
    this.#options = options;
    this.#path = join(options.state, "control", "secrets.json");
    this.#known = existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, "utf8")) as MadeUp) : {};
  }

  /** Undefined for what a service does without. */
  of({ purpose, keys, name, source = name }: RequiredSecret, database: string): Record<string, string> | undefined {
    const { databaseUrl, given } = this.#options;
    switch (purpose) {
      case "postgres":
        return { url: databaseUrl(database) };
      case "events":
        return { url: databaseUrl(eventsDatabase) };
      case "cache": {
        const url = given.get("cache/url");
        return url === undefined ? undefined : { url };
      }
      case "own":
        return Object.fromEntries(
          keys.map((key) => [key, given.get(`${source}/${key}`) ?? this.#madeUp(`${source}/${key}`)]),
        );
    }
  }

  keep(): void {
    if (this.#isNew) writePrivate(this.#path, this.#known);
  }

  #madeUp(place: string): string {
    const known = this.#known[place];
    if (known !== undefined) return known;
    this.#isNew = true;
    return (this.#known[place] = randomBytes(24).toString("base64url"));
  }
}
