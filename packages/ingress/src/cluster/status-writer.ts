import { isDeepStrictEqual } from "node:util";
import type { KubeClient } from "@fairway/kube-client";
import type { IngressObject } from "./cluster-objects.ts";

export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly log: (line: string) => void;
  readonly ingresses: () => readonly IngressObject[];
}

/** Where this controller can be reached, as the status of an Ingress says it. */
export interface IngressAddress {
  readonly host: string;
  readonly ports: readonly number[];
}

/** Writes into the status of each Ingress where it is served; one after the other, and again whenever something changed. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  /** By uid the generation for which it was written: what somebody else then says instead is left, or two would write for ever. */
  #written = new Map<string, number>();
  #wanted: readonly unknown[] | undefined;
  #running: Promise<void> | undefined;
  #isDirty = false;
  #isClosed = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** From now on. */
  setAddress({ host, ports }: IngressAddress): void {
    const isAny = host === "0.0.0.0" || host === "::" || host === "localhost";
    const where = isAny ? { hostname: "localhost" } : { ip: host };
    this.#wanted = [{ ...where, ports: ports.map((port) => ({ port, protocol: "TCP" })) }];
    this.touch();
  }

  /** Something may have changed. */
  touch(): void {
    this.#isDirty = true;
    if (this.#wanted === undefined || this.#isClosed) return;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isDirty && !this.#isClosed) {
      this.#isDirty = false;
      const ingresses = this.#options.ingresses();
      const known = new Set(ingresses.map(({ metadata }) => metadata.uid));
      this.#written = new Map([...this.#written].filter(([uid]) => known.has(uid)));
      for (const ingress of ingresses) {
        const { uid = "", generation = 0 } = ingress.metadata;
        if (this.#isClosed || this.#written.get(uid) === generation) continue;
        this.#written.set(uid, generation);
        if (!isDeepStrictEqual(ingress.status?.loadBalancer?.ingress, this.#wanted)) await this.#write(ingress);
      }
    }
  }

  async #write({ metadata: { namespace = "", name = "", uid } }: IngressObject): Promise<void> {
    const { client, log } = this.#options;
    const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}/status`;
    try {
      const answer = await client.request({
        method: "PATCH",
        path,
        query: { fieldManager: "fairway-ingress" },
        contentType: "application/merge-patch+json",
        body: { metadata: { uid }, status: { loadBalancer: { ingress: this.#wanted } } },
      });
      // Gone, or made anew: the watch tells of it.
      if (answer.status < 300 || answer.status === 404 || answer.status === 409) return;
      const { message = "no reason given" } = answer.body as { message?: string };
      this.#written.delete(uid ?? "");
      log(`the status of the Ingress ${namespace}/${name} could not be written: ${message}`);
    } catch (error) {
      this.#written.delete(uid ?? "");
      log(`the status of the Ingress ${namespace}/${name} could not be written: ${String(error)}`);
    }
  }
}
