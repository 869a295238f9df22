import { createSecureContext } from "node:tls";
import type { SecureContext } from "node:tls";
import type { IngressObject, SecretObject } from "../cluster/cluster-objects.ts";
import { hostsCovering } from "../routes/host-match.ts";

export interface CertificatesOptions {
  readonly ingresses: () => readonly IngressObject[];
  readonly secret: (namespace: string, name: string) => SecretObject | undefined;
  readonly log: (line: string) => void;
}

/** The certificates that Ingresses name, by host; made when they are asked for first. */
export class Certificates {
  readonly #options: CertificatesOptions;
  /** By the Secret's version: what did not change is not parsed again. */
  #contexts = new Map<string, SecureContext | undefined>();
  #byHost: ReadonlyMap<string, SecretObject> | undefined;

  constructor(options: CertificatesOptions) {
    this.#options = options;
  }

  /** Ingresses or Secrets have changed. */
  touch(): void {
    this.#byHost = undefined;
  }

  /** Undefined when no Ingress brings one for the host. */
  find(host: string): SecureContext | undefined {
    this.#byHost ??= this.#secrets();
    for (const each of hostsCovering(host.toLowerCase())) {
      const secret = this.#byHost.get(each);
      const context = secret === undefined ? undefined : this.#contextOf(secret);
      if (context !== undefined) return context;
    }
    return undefined;
  }

  #secrets(): ReadonlyMap<string, SecretObject> {
    const { ingresses, secret } = this.#options;
    const byHost = new Map<string, SecretObject>();
    for (const { metadata, spec } of ingresses()) {
      for (const { hosts = [""], secretName = "" } of spec?.tls ?? []) {
        const found = secret(metadata.namespace ?? "", secretName);
        if (found === undefined) continue;
        for (const host of hosts) if (!byHost.has(host)) byHost.set(host, found);
      }
    }
    const known = new Set([...byHost.values()].map(versionOf));
    this.#contexts = new Map([...this.#contexts].filter(([version]) => known.has(version)));
    return byHost;
  }

  #contextOf(secret: SecretObject): SecureContext | undefined {
    const version = versionOf(secret);
    if (this.#contexts.has(version)) return this.#contexts.get(version);
    let context: SecureContext | undefined;
    try {
      const pem = (key: string): Buffer => Buffer.from(secret.data?.[key] ?? "", "base64");
      context = createSecureContext({ cert: pem("tls.crt"), key: pem("tls.key"), minVersion: "TLSv1.2" });
    } catch (error) {
      const { namespace = "", name = "" } = secret.metadata;
      this.#options.log(`the Secret ${namespace}/${name} holds no certificate that can be served: ${String(error)}`);
    }
    this.#contexts.set(version, context);
    return context;
  }
}

function versionOf({ metadata }: SecretObject): string {
  return `${metadata.uid ?? ""} ${metadata.resourceVersion ?? ""}`;
}

/** The Ingresses that ask for TLS. */
export function withTls(ingresses: readonly IngressObject[]): readonly string[] {
  return ingresses.flatMap(({ metadata, spec }) =>
    (spec?.tls ?? []).length === 0 ? [] : [`${metadata.namespace ?? ""}/${metadata.name ?? ""}`],
  );
}
