import { basename, join } from "node:path";
import { BuildError, type BuiltImage } from "@fairway/build";
import type { StreamingKubeClient } from "@fairway/kube-client";
import { isSpecFile } from "@fairway/spec";
import { CliError } from "../cli-error.ts";
import { imagesForMachine } from "../up/images.ts";
import { withKnownFailures } from "../up/known-failures.ts";
import type { DescribedChange } from "../up/described-objects.ts";
import { compileProblem } from "./compile-problem.ts";
import { describe, type DescribeOptions, type Description } from "./description.ts";
import { bring, bringOwn, isSameTarget, type DevTarget } from "./dev-target.ts";
import type { AppliedChange, DevEvent } from "./dev-event.ts";
import { nextDevVersion } from "./dev-version.ts";
import { untilRolledOut } from "./rollout.ts";
import { readRunning } from "./running-image.ts";
import { sourceFolders } from "./source-folders.ts";
import { Saves, type Save } from "./saves.ts";

export interface DevOptions extends DescribeOptions {
  readonly client: StreamingKubeClient;
  readonly signal: AbortSignal;
  readonly report: (event: DevEvent) => void;
}

/** Rolls out what is in the folder of a service now, and again after every save, until the signal comes. */
export async function develop(options: DevOptions): Promise<void> {
  const { client, place, signal, report } = options;
  const description = await describe(options);
  const folders = sourceFolders(join(place.folder, description.source.folder));
  const running = await readRunning(client, description.wanted);
  const session = new DevSession(options, { ...running, description });
  const services = description.workspace.sources.map(({ folder }) => folder);
  const saves = new Saves({ sources: folders, root: place.folder, services });
  try {
    report({ event: "watching", folders, version: running.version });
    await session.start();
    let save: Save | undefined = { paths: [], atMs: Date.now() };
    while (save !== undefined) {
      await session.take(save, saves);
      save = await saves.next(signal);
    }
  } finally {
    saves.close();
    await session.end();
  }
}

class DevSession {
  readonly #options: DevOptions;
  /** An image that was tried before keeps the version that it had. */
  readonly #versions = new Map<string, string>();
  /** The last one that took requests. */
  #serving: DevTarget;
  /** What the cluster was asked for; another one than that which serves when it does not become ready. */
  #asked: DevTarget;
  #lastVersion: string;
  /** Saved descriptions that nothing was done about yet. */
  #unread: readonly string[] = [];

  constructor(options: DevOptions, running: DevTarget) {
    this.#options = options;
    this.#serving = running;
    this.#asked = running;
    this.#lastVersion = running.version;
    this.#versions.set(running.image, running.version);
  }

  /** What was described since the last `fairway up` counts from now on. */
  async start(): Promise<void> {
    const { client, signal } = this.#options;
    await bringOwn(client, this.#asked, signal);
    const rollout = await untilRolledOut(client, this.#asked.description.wanted, signal);
    if (rollout.kind === "failing") this.#tellFailing(this.#asked, rollout);
  }

  async take({ paths, atMs }: Save, saves: Saves): Promise<void> {
    const { signal, report } = this.#options;
    this.#unread = [...this.#unread, ...paths.filter(isDescriptionFile)];
    const interrupted = AbortSignal.any([signal, saves.interruption]);
    const isDescribed = this.#unread.length > 0;
    const described = isDescribed ? await this.#orNotApplied(() => describe(this.#options)) : undefined;
    const description = described ?? this.#asked.description;
    const built = await this.#build(description);
    // What was saved meanwhile is built at once; nobody waits for what was before.
    if (built === undefined || interrupted.aborted) return;
    const next = { ...this.#named(`${built.repository}@${built.digest}`), description };
    if (isSameTarget(next, this.#asked) && isSameTarget(next, this.#serving)) {
      if (!isDescribed) report({ event: "unchanged", version: next.version });
      return;
    }
    const before = this.#asked;
    const changes = await this.#bring(next, atMs);
    if (changes === undefined) return;
    if (next.image === before.image && isSameTarget(before, this.#serving) && !replacesPods(next, changes)) {
      this.#serving = next;
      return;
    }
    await this.#rollOut(next, atMs, interrupted);
  }

  async #rollOut(next: DevTarget, atMs: number, interrupted: AbortSignal): Promise<void> {
    const { client, report } = this.#options;
    const { version, description } = next;
    const builtAtMs = Date.now();
    const buildMs = Math.round(builtAtMs - atMs);
    report({ event: "rolling-out", version, buildMs });
    const rollout = await untilRolledOut(client, description.wanted, interrupted);
    if (rollout.kind === "failing") this.#tellFailing(next, rollout);
    if (rollout.kind !== "serving") return;
    const rolloutMs = Date.now() - builtAtMs;
    this.#serving = next;
    report({ event: "serving", version, tookMs: buildMs + rolloutMs, buildMs, rolloutMs });
  }

  #tellFailing(target: DevTarget, { reason, log }: { readonly reason: string; readonly log: string }): void {
    const { version: serving } = this.#serving;
    const changed = changedBetween(this.#serving, target);
    this.#options.report({ event: "failing", version: target.version, changed, reason, log, serving });
  }

  /** What does not serve is not left behind: a cluster that tries to start it for ever helps nobody. */
  async end(): Promise<void> {
    const { client, report } = this.#options;
    const wentBack = !isSameTarget(this.#asked, this.#serving);
    if (wentBack) await bring(client, this.#asked, this.#serving, new AbortController().signal);
    report({ event: "ended", version: this.#serving.version, wentBack });
  }

  /** Undefined when the cluster refuses it. */
  async #bring(next: DevTarget, atMs: number): Promise<readonly DescribedChange[] | undefined> {
    const { client, signal, report } = this.#options;
    const before = this.#asked;
    const paths = this.#unread;
    const changes = await this.#orNotApplied(
      () => withKnownFailures(() => bring(client, before, next, signal)),
      () => bring(client, next, before, signal),
    );
    if (changes === undefined) return undefined;
    this.#asked = next;
    if (next.description !== before.description) {
      this.#unread = [];
      report({ event: "applied", paths, changes: changes.map(appliedChange), tookMs: Math.round(Date.now() - atMs) });
    }
    return changes;
  }

  /** Undefined when it was not possible and has been told: then everything is, or is made, as it was before. */
  async #orNotApplied<T>(task: () => Promise<T>, undo?: () => Promise<unknown>): Promise<T | undefined> {
    const { signal, report } = this.#options;
    try {
      return await task();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof CliError)) throw error;
      await undo?.();
      report({ event: "not-applied", paths: this.#unread, reason: error.message, version: this.#serving.version });
      this.#unread = [];
      return undefined;
    }
  }

  async #build({ workspace, source }: Description): Promise<BuiltImage | undefined> {
    const { signal, report } = this.#options;
    const { version } = this.#serving;
    try {
      const [image] = await imagesForMachine(workspace, [source], signal);
      return image;
    } catch (error) {
      if (signal.aborted) return undefined;
      const compile = compileProblem(error);
      if (compile) report({ event: "not-compiled", compile, version });
      else if (error instanceof BuildError || error instanceof CliError)
        report({ event: "not-built", reason: error.message, version });
      else throw error;
      return undefined;
    }
  }

  #named(image: string): Pick<DevTarget, "image" | "version"> {
    const known = this.#versions.get(image);
    if (known !== undefined) return { image, version: known };
    this.#lastVersion = nextDevVersion(this.#lastVersion);
    this.#versions.set(image, this.#lastVersion);
    return { image, version: this.#lastVersion };
  }
}

function isDescriptionFile(path: string): boolean {
  return isSpecFile(basename(path));
}

function replacesPods({ description: { wanted } }: DevTarget, changes: readonly DescribedChange[]): boolean {
  return changes.some(({ object: { kind, metadata } }) => kind === "Deployment" && metadata.name === wanted.service);
}

function changedBetween(serving: DevTarget, next: DevTarget): "image" | "description" | "both" {
  if (serving.description === next.description) return "image";
  return serving.image === next.image ? "description" : "both";
}

function appliedChange({ change, object: { kind, metadata } }: DescribedChange): AppliedChange {
  const { namespace, name = "" } = metadata;
  return { change, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
