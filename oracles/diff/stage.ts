// Where a scenario plays: a namespace of its own, and what it made outside of namespaces. All gone afterwards.
import { randomBytes } from "node:crypto";
import { OracleError } from "../machine/oracle-error.ts";
import type { ClusterClient, HttpAnswer } from "./cluster-client.ts";
import type { Scenario } from "./scenario.ts";

export class Stage {
  readonly namespace = `diff-${randomBytes(6).toString("hex")}`;
  readonly #client: ClusterClient;
  /** Paths of objects outside of namespaces, the newest last. */
  readonly #made: string[] = [];

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  async set({ title, labels }: Scenario): Promise<void> {
    const make = async (path: string, object: object): Promise<void> => {
      const answer = await this.#client.send({ method: "POST", path, headers: [], body: JSON.stringify(object) });
      if (answer.status === 201 || answer.status === 409) return;
      throw new OracleError("command-failed", `"${title}" can't begin: ${path} answered ${answer.body}`);
    };
    await make("/api/v1/namespaces", { metadata: { name: this.namespace, labels } });
    // A controller makes it too, some time later; pods are refused until it is there.
    await make(`/api/v1/namespaces/${this.namespace}/serviceaccounts`, { metadata: { name: "default" } });
  }

  /** What this request made outside of namespaces has to go again. */
  note(method: string, path: string, { status, body }: HttpAnswer): void {
    const [address = "", query = ""] = path.split("?", 2);
    if (status !== 201 || query.includes("dryRun=") || address.includes("/namespaces/")) return;
    if (method === "PATCH" || method === "PUT") this.#made.push(address);
    const name = /"metadata":\{"name":"([^"]+)"/u.exec(body)?.[1];
    if (method === "POST" && name !== undefined) this.#made.push(`${address}/${name}`);
  }

  async clear(): Promise<void> {
    for (const path of [...this.#made.toReversed(), `/api/v1/namespaces/${this.namespace}`])
      await this.#client.send({ method: "DELETE", path, headers: [], body: "" });
  }
}
