import { comparableObjects, compareObjects, type ComparableObject, type ObjectChange } from "./compare/compare.ts";
import { defaultNoise, noiseOfApplication, type NoiseRule } from "./compare/noise.ts";
import { SecretMask } from "./compare/secret-mask.ts";
import type { Application } from "./argocd/application.ts";
import type { Manifest } from "./manifest.ts";
import { Renderer } from "./render.ts";
import type {
  ApplicationPreview,
  MovedObject,
  PreviewProblem,
  PreviewResult,
  PreviewTotals,
} from "./report/preview-result.ts";
import { failureOf, readRevision, type Revision, type RevisionApplication } from "./revision.ts";
import { byCodeUnit } from "./snapshot.ts";
import type { PreviewWorld } from "./world.ts";

export interface PreviewOptions {
  /** Fields to pass over besides those of the applications' own `ignoreDifferences`. */
  readonly noise?: readonly NoiseRule[];
  readonly onProgress?: (done: number, all: number) => void;
}

/** What the applications of a repository deploy at two revisions, and what of it differs in meaning. */
export async function preview(world: PreviewWorld, options: PreviewOptions = {}): Promise<PreviewResult> {
  const renderer = new Renderer(world);
  const base = await readRevision(world.base, world, renderer);
  const head = await readRevision(world.head, world, renderer);
  const keys = [...new Set([...base.applications.keys(), ...head.applications.keys()])].toSorted(byCodeUnit);
  const comparison = new Comparison(base, head, { renderer, noise: options.noise ?? defaultNoise });
  const compared: ComparedApplication[] = [];
  for (const [done, key] of keys.entries()) {
    world.signal.throwIfAborted();
    options.onProgress?.(done, keys.length);
    compared.push(await comparison.compare(key));
  }
  const applications = withMoves(compared);
  const totals = totalsOf(applications, renderer.renders);
  const told = applications.filter((each) => each.status !== "unchanged" || each.problems.length > 0);
  return {
    base: base.name,
    head: head.name,
    applications: told,
    totals,
    problems: [...base.problems, ...head.problems],
  };
}

interface ComparedApplication extends Omit<ApplicationPreview, "moved"> {
  /** The objects that one side alone has, by what identifies them, for finding those that only moved. */
  readonly added: ReadonlyMap<string, ComparableObject>;
  readonly removed: ReadonlyMap<string, ComparableObject>;
}

class Comparison {
  readonly #base: Revision;
  readonly #head: Revision;
  readonly #renderer: Renderer;
  readonly #noise: readonly NoiseRule[];
  readonly #mask = new SecretMask();

  constructor(
    base: Revision,
    head: Revision,
    { renderer, noise }: { renderer: Renderer; noise: readonly NoiseRule[] },
  ) {
    this.#base = base;
    this.#head = head;
    this.#renderer = renderer;
    this.#noise = noise;
  }

  async compare(key: string): Promise<ComparedApplication> {
    const before = this.#base.applications.get(key);
    const after = this.#head.applications.get(key);
    const application = (after ?? before)?.application;
    if (!application) throw new TypeError(`application ${key} is at neither revision`);
    const { name, destinationNamespace: namespace, cluster } = application;
    const place = { name, namespace, cluster };
    const nothing = { objects: [], problems: [], added: new Map(), removed: new Map() };
    if (before && after && isUnchanged(before, after)) return { ...place, ...nothing, status: "unchanged" };
    const problems: PreviewProblem[] = [];
    const old = await this.#objects(before, this.#base.name, problems);
    const now = await this.#objects(after, this.#head.name, problems);
    if (!old || !now) return { ...place, ...nothing, problems, status: "failed" };
    const objects = compareObjects(old, now);
    const status = !before ? "added" : !after ? "removed" : objects.length > 0 ? "changed" : "unchanged";
    return { ...place, status, objects, problems, added: only(now, old), removed: only(old, now) };
  }

  /** Undefined when the application can't be rendered; an absent one has no objects. */
  async #objects(side: RevisionApplication | undefined, revision: string, problems: PreviewProblem[]) {
    if (!side) return new Map<string, ComparableObject>();
    const { application } = side;
    const report = (severity: PreviewProblem["severity"], message: string) =>
      problems.push({ severity, revision, subject: application.name, message });
    if ("failure" in side) {
      report("error", side.failure);
      return undefined;
    }
    try {
      const manifests = await this.#renderer.manifests(side.prepared);
      const { rules, notApplied } = noiseOfApplication(application.ignoreDifferences);
      if (notApplied > 0) report("warning", `${notApplied} jqPathExpressions of ignoreDifferences are not applied`);
      return this.#comparable(manifests, application, rules);
    } catch (error) {
      report("error", failureOf(error));
      return undefined;
    } finally {
      this.#renderer.forget(side.prepared);
    }
  }

  #comparable(manifests: readonly Manifest[], application: Application, rules: readonly NoiseRule[]) {
    return comparableObjects([application.manifest, ...manifests], {
      cluster: application.cluster,
      defaultNamespace: application.destinationNamespace,
      noise: [...this.#noise, ...rules],
      mask: this.#mask,
    });
  }
}

function isUnchanged(before: RevisionApplication, after: RevisionApplication): boolean {
  if (!("prepared" in before) || !("prepared" in after)) return false;
  return (
    before.prepared.fingerprint === after.prepared.fingerprint &&
    JSON.stringify(before.application.manifest.value) === JSON.stringify(after.application.manifest.value)
  );
}

function only(these: ReadonlyMap<string, ComparableObject>, others: ReadonlyMap<string, ComparableObject>) {
  return new Map([...these].filter(([key]) => !others.has(key)));
}

/** An object that leaves one application and comes to another as it was has moved; nothing happens to it in the cluster. */
function withMoves(compared: readonly ComparedApplication[]): readonly ApplicationPreview[] {
  const arrivals = new Map<string, { object: ComparableObject; to: string }>();
  for (const each of compared) for (const [key, object] of each.added) arrivals.set(key, { object, to: each.name });
  const moves = new Map<string, MovedObject>();
  for (const each of compared) {
    for (const [key, object] of each.removed) {
      const arrival = arrivals.get(key);
      if (!arrival || arrival.to === each.name || arrival.object.text !== object.text) continue;
      const { kind, namespace, name } = object.manifest;
      moves.set(key, { kind, namespace, name, from: each.name, to: arrival.to });
    }
  }
  return compared.map(({ added, removed, ...application }) => {
    const isMoved = (change: ObjectChange) =>
      change.change !== "changed" &&
      [...added, ...removed].some(([key, { manifest }]) => moves.has(key) && sameObject(manifest, change));
    const moved = [...moves].filter(([key]) => added.has(key) || removed.has(key)).map(([, move]) => move);
    const objects = moved.length === 0 ? application.objects : application.objects.filter((change) => !isMoved(change));
    return { ...application, objects, moved };
  });
}

function sameObject(manifest: Manifest, change: ObjectChange): boolean {
  return manifest.kind === change.kind && manifest.name === change.name && manifest.namespace === change.namespace;
}

function totalsOf(applications: readonly ApplicationPreview[], rendered: number): PreviewTotals {
  const objects = (kind: ObjectChange["change"]) =>
    applications.reduce((sum, each) => sum + each.objects.filter((object) => object.change === kind).length, 0);
  return {
    applications: applications.length,
    rendered,
    changed: applications.filter((each) => ["added", "removed", "changed"].includes(each.status)).length,
    failed: applications.filter((each) => each.status === "failed").length,
    objectsAdded: objects("added"),
    objectsRemoved: objects("removed"),
    objectsChanged: objects("changed"),
  };
}
