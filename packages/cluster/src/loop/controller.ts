import type { KubeObject } from "../object/kube-object.ts";
import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import type { EventRecorder } from "./event-recorder.ts";
import type { Informer } from "./informer.ts";
import type { Informers } from "./informers.ts";
import type { KindMonitors } from "./kind-monitors.ts";
import { workersPerController } from "./limits.ts";
import { nextLook } from "./retry-policy.ts";
import type { Outcome } from "./retry-policy.ts";
import { WorkQueue } from "./work-queue.ts";

/** Brings what is there to what is asked for, for one key at a time, from what is known now and not from what just happened. */
export interface Controller {
  readonly name: string;
  readonly watches: readonly Watch[];
  readonly reconcile: (key: string) => Promise<Outcome>;
  readonly workers?: number;
  /** Gets the queue before anything is watched, for controllers that add keys by themselves. */
  readonly attach?: (queue: WorkQueue) => void;
}

/** Which keys a change concerns. It is asked for the object as it was and as it is. */
export interface Watch {
  readonly subscribe: (add: (key: string) => void) => void;
}

export interface ControllerContext {
  readonly api: Api;
  readonly informers: Informers;
  /** The metadata of everything that is there. */
  readonly kinds: KindMonitors;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  /** Records events in the name of a component, e.g. `deployment-controller`. */
  readonly eventsOf: (component: string) => EventRecorder;
  readonly options: ControllerOptions;
}

/** What an operator may choose. */
export interface ControllerOptions {
  /** What pods trust when they speak to the API server, published in every namespace. */
  readonly rootCertificates: string;
  /** Finished pods that are kept before the oldest go. */
  readonly terminatedPodsMax: number;
  /** How long a node may be silent before it counts as lost. */
  readonly nodeGraceMs: number;
  /** The folder under which volumes are made that claims ask for. */
  readonly volumesFolder?: string;
  /** Makes a token of an account that is valid as long as its secret is there. Left out: such secrets stay empty. */
  readonly signAccountToken?: (of: { readonly account: KubeObject; readonly secret: KubeObject }) => Promise<string>;
  /** Answers the certificate for a request, in PEM; throws with the reason why it can't be had. Left out: nothing is signed. */
  readonly signCertificate?: (wish: CertificateRequest) => Promise<string>;
  /** What is wrong with the expressions of a ValidatingAdmissionPolicy. Left out: its status says nothing. */
  readonly checkPolicy?: (policy: KubeObject) => readonly { readonly fieldRef: string; readonly warning: string }[];
}

export interface CertificateRequest {
  /** PKCS #10, in PEM. */
  readonly request: string;
  readonly signerName: string;
  readonly usages: readonly string[];
  readonly seconds: number;
}

export function watching<T extends KubeObject>(informer: Informer<T>, keys: (object: T) => Iterable<string>): Watch {
  return {
    subscribe: (add) =>
      informer.onChange((change) => {
        for (const key of keys(change.object)) add(key);
        if (change.previous !== undefined) for (const key of keys(change.previous)) add(key);
      }),
  };
}

type RunContext = Pick<ControllerContext, "clock" | "log" | "signal">;

/** The workers of a controller; they end with the queue. */
export class ControllerRun {
  readonly queue: WorkQueue;
  private readonly controller: Controller;
  private readonly context: RunContext;
  private readonly workers: Promise<void>[] = [];

  constructor(controller: Controller, context: RunContext) {
    this.controller = controller;
    this.context = context;
    this.queue = new WorkQueue(context.clock);
    controller.attach?.(this.queue);
    for (const watch of controller.watches) watch.subscribe((key) => this.queue.add(key));
  }

  start(): void {
    const count = this.controller.workers ?? workersPerController;
    for (let worker = 0; worker < count; worker += 1) this.workers.push(this.work());
  }

  async close(): Promise<void> {
    this.queue.close();
    await Promise.all(this.workers);
  }

  private async work(): Promise<void> {
    for (;;) {
      const key = await this.queue.take();
      if (key === undefined) return;
      const outcome = await this.look(key);
      if (!this.context.signal.aborted) this.follow(key, outcome);
      this.queue.done(key);
    }
  }

  private async look(key: string): Promise<Outcome> {
    try {
      return await this.controller.reconcile(key);
    } catch (error) {
      return { kind: "failed", error };
    }
  }

  private follow(key: string, outcome: Outcome): void {
    const next = nextLook(outcome);
    switch (next.kind) {
      case "on-change":
        this.queue.forgetFailures(key);
        break;
      case "after":
        this.queue.forgetFailures(key);
        this.queue.addAfter(key, next.ms);
        break;
      case "back-off":
        if (next.log && outcome.kind === "failed") this.logFailure(key, outcome.error);
        this.queue.addAfterFailure(key);
        break;
    }
  }

  private logFailure(key: string, error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    this.context.log(`${this.controller.name} ${key}: ${words}`);
  }
}
