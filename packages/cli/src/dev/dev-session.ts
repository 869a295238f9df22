import { basename, join } from "node:path";
import { BuildError, buildImages, machinePlatform, type BuiltImage, type ServiceSource } from "@fairway/build";
import type { StreamingKubeClient } from "@fairway/kube-client";
import { imageRegistryOf } from "@fairway/manifests";
import type { WantedService } from "../up/service-state.ts";
import type { Workspace } from "../up/workspace.ts";
import { compileProblem } from "./compile-problem.ts";
import type { DevEvent } from "./dev-event.ts";
import { nextDevVersion } from "./dev-version.ts";
import { rollOut } from "./rollout.ts";
import { readRunning, runImage, type RunningImage } from "./running-image.ts";
import { sourceFolders } from "./source-folders.ts";
import { Saves, type Save } from "./saves.ts";

export interface DevOptions {
  readonly workspace: Workspace;
  readonly client: StreamingKubeClient;
  readonly wanted: WantedService;
  readonly source: ServiceSource;
  readonly signal: AbortSignal;
  readonly report: (event: DevEvent) => void;
}

/** Rolls out what is in the folder of a service now, and again after every save, until the signal comes. */
export async function develop(options: DevOptions): Promise<void> {
  const { workspace, source, signal, report } = options;
  const folders = sourceFolders(join(workspace.folder, source.folder));
  const running = await readRunning(options.client, options.wanted);
  const session = new DevSession(options, running);
  const saves = new Saves(folders);
  try {
    report({ event: "watching", folders, version: running.version });
    if (running.lingers) await rollOut(options.client, options.wanted, running, signal);
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

type DevImage = Pick<RunningImage, "image" | "version">;

class DevSession {
  readonly #options: DevOptions;
  /** An image that was tried before keeps the version that it had. */
  readonly #versions = new Map<string, string>();
  /** The last one that took requests. */
  #serving: DevImage;
  /** What the Deployment says; another one than that which serves when it does not become ready. */
  #asked: DevImage;
  #lastVersion: string;

  constructor(options: DevOptions, running: RunningImage) {
    this.#options = options;
    this.#serving = running;
    this.#asked = running;
    this.#lastVersion = running.version;
    this.#versions.set(running.image, running.version);
  }

  async take({ paths, atMs }: Save, saves: Saves): Promise<void> {
    const { client, wanted, signal, report } = this.#options;
    const description = paths.find((path) => basename(path) === "service.yaml");
    if (description !== undefined) report({ event: "description-changed", path: description });
    const interrupted = AbortSignal.any([signal, saves.interruption]);
    const built = await this.#build(signal);
    // What was saved meanwhile is built at once; nobody waits for what was before.
    if (built === undefined || interrupted.aborted) return;
    const next = this.#named(`${built.repository}@${built.digest}`);
    if (next.image === this.#asked.image && next.image === this.#serving.image) {
      return report({ event: "unchanged", version: next.version });
    }
    const builtAtMs = Date.now();
    const buildMs = Math.round(builtAtMs - atMs);
    report({ event: "rolling-out", version: next.version, buildMs });
    this.#asked = next;
    const rollout = await rollOut(client, wanted, next, interrupted);
    if (rollout.kind === "failing") {
      const { reason, log } = rollout;
      report({ event: "failing", version: next.version, reason, log, serving: this.#serving.version });
    }
    if (rollout.kind !== "serving") return;
    const now = Date.now();
    this.#serving = next;
    report({
      event: "serving",
      version: next.version,
      tookMs: buildMs + now - builtAtMs,
      buildMs,
      rolloutMs: now - builtAtMs,
    });
  }

  /** What does not serve is not left behind: a cluster that tries to start it for ever helps nobody. */
  async end(): Promise<void> {
    const { client, wanted, report } = this.#options;
    const wentBack = this.#asked.image !== this.#serving.image;
    if (wentBack) await runImage(client, wanted, this.#serving);
    report({ event: "ended", version: this.#serving.version, wentBack });
  }

  async #build(signal: AbortSignal): Promise<BuiltImage | undefined> {
    const { workspace, source, report } = this.#options;
    const { version } = this.#serving;
    try {
      const [image] = await buildImages({
        root: workspace.folder,
        services: [source],
        layout: join(workspace.state, "images"),
        cache: join(workspace.state, "cache", "images"),
        platforms: [machinePlatform()],
        registry: imageRegistryOf(workspace.platform),
        signal,
      });
      return image;
    } catch (error) {
      if (signal.aborted) return undefined;
      const compile = compileProblem(error);
      if (compile) report({ event: "not-compiled", compile, version });
      else if (error instanceof BuildError) report({ event: "not-built", reason: error.message, version });
      else throw error;
      return undefined;
    }
  }

  #named(image: string): DevImage {
    const known = this.#versions.get(image);
    if (known !== undefined) return { image, version: known };
    this.#lastVersion = nextDevVersion(this.#lastVersion);
    this.#versions.set(image, this.#lastVersion);
    return { image, version: this.#lastVersion };
  }
}
