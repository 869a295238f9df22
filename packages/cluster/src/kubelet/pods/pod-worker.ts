import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { KubeletError } from "../kubelet-error.ts";
import { retryBackOffMs } from "../limits.ts";
import type { Sandbox } from "../runtime/runtime.ts";
import type { PodVolumes } from "../volumes/pod-volumes.ts";
import type { ProjectionRequest } from "../volumes/projection.ts";
import { advance } from "./advance.ts";
import { graceOf } from "./container-life.ts";
import { seconds } from "./container-status.ts";
import { letGoContainers, makeSlot, makeSlots } from "./container-slot.ts";
import type { ContainerSlot } from "./container-slot.ts";
import { deletePodObject } from "./delete-pod-object.ts";
import type { RecordedEvent } from "./event-recorder.ts";
import { missingPullSecrets, prefetchImages } from "./ensure-image.ts";
import { makeImageVolumes } from "./image-volumes.ts";
import { makeVolumes } from "./make-volumes.ts";
import { isFinished, podKey } from "./pod.ts";
import type { Pod, PodStatus } from "./pod.ts";
import type { PodContext } from "./pod-context.ts";
import { failureEvent, recordPodEvent, shortcomingEvents } from "./pod-events.ts";
import { Departure } from "./departure.ts";
import { deadlineExceeded, deadlineLeftMs, graceOfEnding } from "./pod-ending.ts";
import type { PodEnding } from "./pod-ending.ts";
import { requireDevices } from "./pod-devices.ts";
import { kernelHostname } from "./pod-files.ts";
import { resolverOf, writeOwnFiles } from "./pod-own-files.ts";
import type { PodServices } from "./pod-services.ts";
import { makePodStatus } from "./pod-status.ts";
import { forgetPod, resumeContainers, writePodRecord } from "./pod-record.ts";
import { StatusWriter } from "./status-writer.ts";
import { stopContainer } from "./stop-container.ts";
import { WakeUp } from "./wake-up.ts";

const forEver = Number.POSITIVE_INFINITY;

/**
 * Everything one pod goes through on this node, one step after the other: volumes, sandbox, init containers, containers, restarts, the end.
 * It looks at what is and does what is missing; whatever changes wakes it.
 */
export class PodWorker {
  readonly slots: ContainerSlot[];
  readonly #services: PodServices;
  readonly #volumes: PodVolumes;
  readonly #writer: StatusWriter;
  readonly #departure = new Departure();
  readonly #closing = new AbortController();
  readonly #podFolder: string;
  readonly #logFolder: string;
  #pod: Pod;
  #sandbox: Sandbox | undefined;
  #addresses: readonly string[];
  #context: PodContext | undefined;
  #isRemoved = false;
  /** Closed, and what runs goes on. */
  #isLeft = false;
  #ending: PodEnding | undefined;
  #isOver = false;
  #retryMs = retryBackOffMs.first;
  #startedAt: string;
  readonly #wakeUp = new WakeUp();

  constructor(pod: Pod, services: PodServices, adopted?: Sandbox) {
    this.#pod = pod;
    this.#services = services;
    this.slots = makeSlots(pod);
    this.#podFolder = join(services.folder, "pods", pod.metadata.uid);
    this.#logFolder = join(services.folder, "logs", `${podKey(pod).replace("/", "_")}_${pod.metadata.uid}`);
    this.#addresses = pod.status?.podIPs?.map((each) => each.ip) ?? [];
    this.#startedAt = pod.status?.startTime ?? seconds(services.now());
    this.#isOver = isFinished(pod);
    this.#volumes = makeVolumes(pod, services, this.#podFolder);
    this.#writer = new StatusWriter({
      client: services.client,
      pod: () => this.#pod,
      compute: () => this.status(),
      signal: this.#closing.signal,
      log: services.log,
    });
    this.#sandbox = adopted;
  }

  get pod(): Pod {
    return this.#pod;
  }

  get sandbox(): Sandbox | undefined {
    return this.#sandbox;
  }

  /** Of all that the pod has on this machine but its logs. */
  get folder(): string {
    return this.#podFolder;
  }

  get logFolder(): string {
    return this.#logFolder;
  }

  /** Nothing of it runs any more, or ever will. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The API knows it no more. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** The node doesn't take the pod: it has failed before anything of it began. */
  refuse({ reason, message }: { readonly reason: string; readonly message: string }): void {
    this.#ending = { reason, message: `Pod was rejected: ${message}`, isRefusal: true };
    this.#isOver = true;
    this.#tell(undefined, { type: "Warning", reason, message });
  }

  /** The node needs what the pod takes, or it takes more than it may: it fails, and has a second to end. */
  evict(message: string, more: Pick<PodEnding, "condition"> & Pick<RecordedEvent, "annotations"> = {}): void {
    if (this.#isOver || this.#ending !== undefined || this.#departure.leaving.aborted) return;
    const { condition, ...said } = more;
    this.#ending = { reason: "Evicted", message, graceMs: 1000, ...(condition === undefined ? {} : { condition }) };
    this.#tell(undefined, { type: "Warning", reason: "Evicted", message, ...said });
    this.#wakeUp.rouse();
  }

  /** The newest object of the pod. */
  update(pod: Pod): void {
    this.#pod = pod;
    for (const container of pod.spec.ephemeralContainers ?? []) {
      const known = this.slots.some((slot) => slot.container.name === container.name);
      if (!known) this.slots.push(makeSlot(container, "ephemeral", pod));
    }
    for (const slot of this.slots) {
      const fresh = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(
        (each) => each.name === slot.container.name,
      );
      if (fresh !== undefined) slot.container = fresh;
    }
    if (pod.metadata.deletionTimestamp !== undefined) this.#leave(pod.metadata.deletionGracePeriodSeconds ?? 30);
    this.#wakeUp.rouse();
  }

  /** The object is gone: what still runs has to end, and there is nothing left to write to. */
  removed(): void {
    this.#isRemoved = true;
    this.#leave(this.#pod.metadata.deletionGracePeriodSeconds ?? 1);
    this.#wakeUp.rouse();
  }

  /** Works until the pod is gone or `close` is called. */
  async run(): Promise<void> {
    try {
      await this.#work();
    } finally {
      this.#departure.end();
    }
  }

  async #work(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      let waitMs: number | undefined;
      try {
        waitMs = await this.#step();
        if (waitMs === undefined) return;
        this.#retryMs = retryBackOffMs.first;
      } catch (error) {
        waitMs = this.#failed(error);
      }
      this.#writer.request();
      await this.#wakeUp.sleep(waitMs, this.#closing.signal);
    }
    // What was being started while everything ended.
    if (this.#isLeft) this.#letGo();
    else await this.#end();
  }

  /**
   * Stops working. The containers go on when `keep` is said, so that a later run can take them up; otherwise they end, and their pod stays as it
   * was in the API, as when a machine is switched off: a later run starts them again.
   */
  async close({ keep }: { keep: boolean }): Promise<void> {
    this.#departure.end();
    if (keep) await this.#writer.flush();
    this.#closing.abort();
    this.#wakeUp.rouse();
    this.#isLeft = keep;
    if (keep) this.#letGo();
    else await this.#end();
    for (const slot of this.slots) slot.active?.life.abort();
  }

  /** What runs goes on by itself; up to where its output has been read is written down. */
  #letGo(): void {
    letGoContainers(this.slots);
    this.#record();
  }

  async #end(): Promise<void> {
    await this.#stopAll(0);
    await this.#dropSandbox();
  }

  /** Brings changed configuration into the volumes. */
  async refreshVolumes(): Promise<void> {
    if (this.#context === undefined || this.#isOver || this.#departure.leaving.aborted) return;
    await this.#volumes.refresh(this.#projection());
  }

  status(): PodStatus {
    return makePodStatus({
      pod: this.#pod,
      slots: this.slots,
      services: this.#services,
      addresses: this.#addresses,
      hasSandbox: this.#sandbox !== undefined,
      isEnding: this.#departure.leaving.aborted || this.#isOver || this.#ending !== undefined,
      ending: this.#ending,
      startedAt: this.#startedAt,
    });
  }

  #leave(graceSeconds: number): void {
    this.#departure.begin(graceSeconds, this.#pod.metadata.deletionTimestamp, this.#services.now());
  }

  async #step(): Promise<number | undefined> {
    const isDeleted = this.#pod.metadata.deletionTimestamp !== undefined || this.#isRemoved;
    if (isDeleted) {
      await this.#terminate();
      return undefined;
    }
    if (this.#isOver) return forEver;
    const deadlineMs = deadlineLeftMs(this.#pod, this.#startedAt, this.#services.now());
    if (deadlineMs <= 0 && this.#ending === undefined) {
      this.#ending = deadlineExceeded;
      this.#tell(undefined, { type: "Normal", ...deadlineExceeded });
    }
    if (this.#ending !== undefined) {
      await this.#stopAll(graceOfEnding(this.#ending, this.#context ?? (await this.#makeReady())));
      await this.#finish();
      return forEver;
    }
    const context = this.#context ?? (await this.#makeReady());
    const next = await advance(this.slots, context);
    if (next.kind === "wait") return Math.min(next.ms, deadlineMs);
    await this.#finish();
    return forEver;
  }

  /** Volumes, then the sandbox with its addresses, then the files that go with them. */
  async #makeReady(): Promise<PodContext> {
    const services = this.#services;
    this.#writer.request();
    prefetchImages(this.#pod, services.images);
    const secrets = await missingPullSecrets(this.#pod, services);
    if (secrets !== undefined) this.#tell(undefined, secrets);
    await this.#volumes.prepare(this.#projection());
    const pod = this.#pod;
    await requireDevices(services.client, pod);
    const hostname = kernelHostname(pod, services.nodeName, services.clusterDomain);
    mkdirSync(this.#podFolder, { recursive: true, mode: 0o700 });
    const { text: resolvConf, warnings } = resolverOf(pod, services);
    for (const message of warnings) this.#tell(undefined, { type: "Warning", reason: "DNSConfigForming", message });
    if (this.#sandbox === undefined) {
      for (const event of shortcomingEvents(pod, services.runtime)) this.#tell(undefined, event);
      this.#sandbox = await services.runtime.createSandbox({ pod, folder: this.#podFolder, hostname, resolvConf });
    }
    const sandbox = this.#sandbox;
    this.#addresses = sandbox.addresses;
    const isolated = services.joined(podKey(pod), sandbox.addresses[0] ?? "");
    const context: PodContext = {
      services,
      pod: () => this.#pod,
      sandbox,
      volumes: this.#volumes,
      imageVolumes: makeImageVolumes(pod),
      hostname,
      ownMounts: writeOwnFiles({
        ...services,
        pod,
        podFolder: this.#podFolder,
        hostname,
        resolvConf,
        addresses: sandbox.addresses,
      }),
      podFolder: this.#podFolder,
      logFolder: this.#logFolder,
      leaving: this.#departure.leaving,
      tell: (slot, event) => this.#tell(slot, event),
      report: () => this.#writer.request(),
      changed: () => this.#changed(),
    };
    // The addresses are known only now: what the volumes say of them is brought up to date.
    await Promise.all([this.#volumes.refresh(this.#projection()), isolated]);
    this.#context = context;
    resumeContainers(this.slots, context);
    this.#record();
    return context;
  }

  /** The containers' work is done: sidecars end, the addresses are given back, logs and the object stay. */
  async #finish(): Promise<void> {
    await this.#stopAll(graceOf(this.#context ?? (await this.#makeReady())));
    this.#isOver = true;
    await this.#dropSandbox();
    await this.#writer.flush();
  }

  async #stopAll(graceMs: number): Promise<void> {
    const context = this.#context;
    if (context === undefined) return;
    const stop = (slot: ContainerSlot): Promise<void> =>
      stopContainer(slot, context, {
        message: `Stopping container ${slot.container.name}`,
        graceMs,
        hurry: this.#departure.hurry,
      });
    await Promise.all(
      this.#active()
        .filter((slot) => slot.kind !== "sidecar")
        .map(stop),
    );
    // The last that came goes first: the others may still need it.
    for (const slot of this.#active().toReversed()) await stop(slot);
  }

  async #terminate(): Promise<void> {
    const graceSeconds = this.#pod.metadata.deletionGracePeriodSeconds ?? 1;
    // That the deletion was seen is told at once, and not only when everything has ended.
    this.#writer.request();
    await this.#stopAll(graceSeconds * 1000);
    this.#isOver = true;
    this.#departure.over();
    await this.#dropSandbox();
    if (!this.#isRemoved) await this.#writer.flush();
    this.#closing.abort();
    this.#services.tokens.forget(this.#pod);
    forgetPod(this.#podFolder);
    rmSync(this.#podFolder, { recursive: true, force: true });
    rmSync(this.#logFolder, { recursive: true, force: true });
    if (!this.#isRemoved) await deletePodObject(this.#pod, this.#services, () => this.#isRemoved);
  }

  async #dropSandbox(): Promise<void> {
    const sandbox = this.#sandbox;
    this.#sandbox = undefined;
    this.#context = undefined;
    if (sandbox !== undefined) await sandbox.remove();
    // Its volumes are made before its sandbox, which may never have come.
    else await this.#services.runtime.memory?.remove(this.#pod.metadata.uid);
    forgetPod(this.#podFolder);
  }

  #active(): ContainerSlot[] {
    return this.slots.filter((slot) => slot.active !== undefined);
  }

  #projection(): ProjectionRequest {
    const { config, tokens, nodeAddress, allocatable } = this.#services;
    return { pod: this.#pod, config, tokens, facts: { podIps: this.#addresses, hostIp: nodeAddress, allocatable } };
  }

  #failed(error: unknown): number {
    const waitMs = this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, retryBackOffMs.max);
    if (!(error instanceof KubeletError)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#services.log(`pod ${podKey(this.#pod)}: ${text}`);
    }
    this.#tell(undefined, failureEvent(error));
    return waitMs;
  }

  #tell(slot: ContainerSlot | undefined, event: RecordedEvent): void {
    recordPodEvent(this.#services.events, { pod: this.#pod, slot }, event);
  }

  #changed(): void {
    this.#record();
    this.#writer.request();
    this.#wakeUp.rouse();
  }

  #record(): void {
    if (this.#sandbox === undefined || this.#isOver) return;
    writePodRecord(this.#podFolder, {
      pod: this.#pod,
      sandbox: this.#sandbox,
      slots: this.slots,
      runtime: this.#services.runtime.name,
    });
  }
}
