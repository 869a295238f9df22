import { isApplication, type Application } from "./argocd/application.ts";
import { comparableObjects, compareObjects, type ComparableObject, type ObjectChange } from "./compare/compare.ts";
import { withMoves, type ComparedApplication } from "./compare/moves.ts";
import { defaultNoise, noiseOfApplication, type NoiseRule } from "./compare/noise.ts";
import { SecretMask } from "./compare/secret-mask.ts";
import type { Manifest } from "./manifest.ts";
import { Renderer } from "./render.ts";
import type { ApplicationPreview, PreviewProblem, PreviewResult, PreviewTotals } from "./report/preview-result.ts";
import { failureOf, keyOfDeployed, readRevision, type Revision, type RevisionApplication } from "./revision.ts";
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
    if (before && after && isUnchanged(before, after)) {
      return { ...place, status: "unchanged", changes: [], problems: [] };
    }
    const problems: PreviewProblem[] = [];
    const old = await this.#objects(before, this.#base, problems);
    const now = await this.#objects(after, this.#head, problems);
    // Only now: both sides may be made of the same manifests.
    for (const side of [before, after]) if (side && "prepared" in side) this.#renderer.forget(side.prepared);
    if (!old || !now) return { ...place, status: "failed", changes: [], problems };
    const changes = compareObjects(old, now);
    const status = !before ? "added" : !after ? "removed" : changes.length > 0 ? "changed" : "unchanged";
    return { ...place, status, changes, problems };
  }

  /** Undefined when the application can't be rendered; an absent one has no objects. */
  async #objects(side: RevisionApplication | undefined, revision: Revision, problems: PreviewProblem[]) {
    if (!side) return new Map<string, ComparableObject>();
    const { application } = side;
    const report = (severity: PreviewProblem["severity"], message: string) =>
      problems.push({ severity, revision: revision.name, subject: application.name, message });
    if ("failure" in side) {
      report("error", side.failure);
      return undefined;
    }
    try {
      const manifests = await this.#renderer.manifests(side.prepared);
      const { rules, notApplied } = noiseOfApplication(application.ignoreDifferences);
      if (notApplied > 0) report("warning", `${notApplied} jqPathExpressions of ignoreDifferences are not applied`);
      // An Application that this one deploys stands for itself.
      const own = manifests.filter(
        (each) => !isApplication(each) || !revision.applications.has(keyOfDeployed(each, application)),
      );
      return this.#comparable(own, application, rules);
    } catch (error) {
      report("error", failureOf(error));
      return undefined;
    }
  }

  #comparable(manifests: readonly Manifest[], application: Application, rules: readonly NoiseRule[]) {
    const mask = this.#mask;
    // The Application itself lives beside Argo CD, not where it deploys to.
    const itself = { cluster: "", defaultNamespace: "", noise: this.#noise, mask };
    const deployed = {
      cluster: application.cluster,
      defaultNamespace: application.destinationNamespace,
      noise: [...this.#noise, ...rules],
      mask,
    };
    return new Map([...comparableObjects([application.manifest], itself), ...comparableObjects(manifests, deployed)]);
  }
}

function isUnchanged(before: RevisionApplication, after: RevisionApplication): boolean {
  if (!("prepared" in before) || !("prepared" in after)) return false;
  return (
    before.prepared.fingerprint === after.prepared.fingerprint &&
    JSON.stringify(before.application.manifest.value) === JSON.stringify(after.application.manifest.value)
  );
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
