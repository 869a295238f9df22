import type { KubeClient } from "@fairway/kube-client";
import type { ImageStore } from "../images/image-store.ts";
import { KubeletError, messageOf } from "../kubelet-error.ts";
import { retryBackOffMs } from "../limits.ts";
import type { EventRecorder, RecordedEvent } from "../pods/event-recorder.ts";
import { pause } from "../probes/probe-loop.ts";
import { pressureWords } from "../upkeep/node-pressure.ts";
import type { NodePressure, Pressure } from "../upkeep/node-pressure.ts";
import { nodeObject, nodeStatus } from "./node-object.ts";
import type { NodeCondition, NodeFacts } from "./node-object.ts";

export interface NodeAgentOptions {
  readonly client: KubeClient;
  readonly facts: NodeFacts;
  readonly images: ImageStore;
  readonly events: EventRecorder;
  readonly pressure: NodePressure;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

const leaseSeconds = 40;
const leaseRenewMs = 10_000;
const statusMs = 60_000;

/** Registers the node, says every ten seconds by a lease that it is alive, and every minute how it is. */
export class NodeAgent {
  readonly #options: NodeAgentOptions;
  #uid = "";
  #done: Promise<void> = Promise.resolve();

  constructor(options: NodeAgentOptions) {
    this.#options = options;
  }

  /** The node is registered and Ready when this returns. */
  async start(): Promise<void> {
    const { signal } = this.#options;
    await this.#insist(() => this.#register());
    await this.#insist(() => this.#postStatus(true));
    this.#tell("Starting", "Starting kubelet.");
    for (const reason of [
      pressureWords.memory.relieved.event,
      pressureWords.disk.relieved.event,
      "NodeHasSufficientPID",
    ])
      this.#tell(reason, `Node ${this.#options.facts.name} status is now: ${reason}`);
    this.#tell("NodeReady", `Node ${this.#options.facts.name} status is now: NodeReady`);
    await this.#insist(() => this.#renewLease());
    const repeat = async (work: () => Promise<void>, ms: number): Promise<void> => {
      for (await pause(ms, signal); !signal.aborted; await pause(ms, signal)) await this.#insist(work);
    };
    this.#done = Promise.all([
      repeat(() => this.#renewLease(), leaseRenewMs),
      repeat(() => this.#postStatus(true), statusMs),
    ]).then(() => undefined);
  }

  async closed(): Promise<void> {
    await this.#done;
  }

  /** Says that the node takes no more pods: it is about to go. */
  async postNotReady(): Promise<void> {
    try {
      await this.#postStatus(false);
    } catch (error) {
      this.#options.log(`node status: ${messageOf(error)}`);
    }
  }

  async #register(): Promise<void> {
    const { client, facts } = this.#options;
    const wanted = nodeObject(facts);
    const made = await client.request({ method: "POST", path: "/api/v1/nodes", body: wanted });
    if (made.status !== 409) {
      this.#uid = uidOf(expectOk(made, "registering the node"));
      return;
    }
    // The labels that this kubelet is responsible for are set again; those of others stay.
    const path = `/api/v1/nodes/${facts.name}`;
    const body = { metadata: wanted["metadata"] };
    const contentType = "application/merge-patch+json";
    this.#uid = uidOf(
      expectOk(await client.request({ method: "PATCH", path, contentType, body }), "updating the node"),
    );
  }

  async #postStatus(ready: boolean): Promise<void> {
    const { client, facts, images, pressure, now } = this.#options;
    const path = `/api/v1/nodes/${facts.name}`;
    const current = await client.request({ method: "GET", path });
    if (current.status === 404) {
      await this.#register();
      return this.#postStatus(ready);
    }
    const node = expectOk(current, "reading the node") as { status?: { conditions?: NodeCondition[] } };
    const status = nodeStatus(facts, {
      now: now(),
      ready,
      images: images.list(),
      known: node.status?.conditions ?? [],
      pressure,
    });
    const contentType = "application/strategic-merge-patch+json";
    expectOk(
      await client.request({ method: "PATCH", path: `${path}/status`, contentType, body: { status } }),
      "the node's status",
    );
  }

  async #renewLease(): Promise<void> {
    const { client, facts, now } = this.#options;
    const folder = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    const renewTime = now().toISOString().replace("Z", "000Z");
    const spec = { holderIdentity: facts.name, leaseDurationSeconds: leaseSeconds, renewTime };
    const contentType = "application/merge-patch+json";
    const patched = await client.request({
      method: "PATCH",
      path: `${folder}/${facts.name}`,
      contentType,
      body: { spec },
    });
    if (patched.status !== 404) {
      expectOk(patched, "renewing the lease");
      return;
    }
    const owner = { apiVersion: "v1", kind: "Node", name: facts.name, uid: this.#uid };
    const metadata = { name: facts.name, namespace: "kube-node-lease", ownerReferences: [owner] };
    const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
    const made = await client.request({ method: "POST", path: folder, body });
    // Until the namespace of leases is there, the status alone has to do.
    if (made.status !== 404) expectOk(made, "creating the lease");
  }

  /** How others that look after the node have something said of it. */
  reports(): {
    readonly tell: (event: RecordedEvent) => void;
    readonly pressureChanged: (which: Pressure) => void;
  } {
    return { tell: (event) => this.#record(event), pressureChanged: (which) => void this.#tellPressure(which) };
  }

  async #tellPressure(which: Pressure): Promise<void> {
    const { facts, pressure } = this.#options;
    const { event } = pressureWords[which][pressure[which] ? "pressed" : "relieved"];
    this.#tell(event, `Node ${facts.name} status is now: ${event}`);
    await this.#insist(() => this.#postStatus(true));
  }

  #tell(reason: string, message: string): void {
    this.#record({ type: "Normal", reason, message });
  }

  #record(event: RecordedEvent): void {
    const { name } = this.#options.facts;
    this.#options.events.record({ apiVersion: "v1", kind: "Node", name, uid: name }, event);
  }

  /** Tries again and again, until it works or the kubelet ends. */
  async #insist(work: () => Promise<void>): Promise<void> {
    const { signal, log } = this.#options;
    for (let waitMs = retryBackOffMs.first; !signal.aborted; waitMs = Math.min(waitMs * 2, leaseRenewMs)) {
      try {
        return await work();
      } catch (error) {
        log(messageOf(error));
        await pause(waitMs, signal);
      }
    }
  }
}

function expectOk(answer: { status: number; body: unknown }, what: string): unknown {
  if (answer.status < 300) return answer.body;
  throw new KubeletError("api", `${what}: the API server answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

function uidOf(body: unknown): string {
  if (typeof body !== "object" || body === null || !("metadata" in body)) return "";
  const { metadata } = body;
  if (typeof metadata !== "object" || metadata === null || !("uid" in metadata)) return "";
  return typeof metadata.uid === "string" ? metadata.uid : "";
}
