import type { KubeClient } from "@fairway/kube-client";
import { ControllerRun, createApi, EventSink, Informers, KindMonitors, systemClock } from "../loop/index.ts";
import type { Clock, ControllerContext, ControllerOptions } from "../loop/index.ts";
import { controllerCatalogue } from "./catalogue.ts";

const manager = "kube-controller-manager";

export interface StartControllersOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  readonly log?: (message: string) => void;
  readonly options?: Partial<ControllerOptions>;
}

export interface RunningControllers {
  /** Resolves when all caches are filled and the work has begun. */
  readonly ready: Promise<void>;
  /** What is known of the cluster, for others in the process that want to know it as well. */
  readonly informers: Informers;
  /** Ends all work; resolves when none is left. */
  readonly close: () => Promise<void>;
}

const defaults: ControllerOptions = {
  rootCertificates: "",
  terminatedPodsMax: 12_500,
  nodeGraceMs: 50_000,
};

/** Runs all controllers against an API server, in this process. */
export function startControllers(client: KubeClient, given: StartControllersOptions = {}): RunningControllers {
  const ending = new AbortController();
  const signal = given.signal === undefined ? ending.signal : AbortSignal.any([given.signal, ending.signal]);
  const clock = given.clock ?? systemClock;
  const random = given.random ?? Math.random;
  const log = given.log ?? (() => undefined);
  const informers = new Informers({ client, clock, random, log, signal });
  const sink = new EventSink({ client, clock, log, manager });
  const kinds = new KindMonitors({ client, informers, clock, signal, log });
  const context: ControllerContext = {
    api: createApi(client, manager, informers),
    informers,
    kinds,
    clock,
    random,
    signal,
    log,
    eventsOf: (component) => sink.of(component),
    options: { ...defaults, ...given.options },
  };
  const runs = controllerCatalogue.map((create) => new ControllerRun(create(context), context));
  const begin = async () => {
    await informers.start();
    if (!signal.aborted) for (const run of runs) run.start();
  };
  const ready = begin();
  const watching = ready.then(() => kinds.run());
  return {
    ready,
    informers,
    close: async () => {
      ending.abort();
      await Promise.all(runs.map((run) => run.close()));
      await Promise.all([ready, watching, informers.ended(), sink.flushed()]);
    },
  };
}
