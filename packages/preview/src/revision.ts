import { helmFunctionTable } from "@fairway/helm";
import { expandApplicationSet } from "./applicationset/expand.ts";
import { applicationSetFunctions } from "./applicationset/set-functions.ts";
import { applicationOf, isApplication, isApplicationSet, type Application } from "./argocd/application.ts";
import { discoverApplications } from "./argocd/discover.ts";
import { PreviewError } from "./errors.ts";
import { listAt, textAt, type JsonValue } from "./json-value.ts";
import { applicationsMax, generationsMax } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import type { Renderer } from "./render.ts";
import type { PreviewProblem } from "./report/preview-result.ts";
import type { Snapshot } from "./snapshot.ts";
import { prepareApplication, type PreparedApplication } from "./source/prepared-application.ts";
import { snapshotOf } from "./source/resolved-source.ts";
import { SteadyEnvironment } from "./source/steady-environment.ts";
import type { PreviewWorld } from "./world.ts";

/** An Application at one revision: ready to be rendered, or with the reason why it can't be. */
export type RevisionApplication = { readonly application: Application } & (
  | { readonly prepared: PreparedApplication }
  | { readonly failure: string }
);

export interface Revision {
  readonly name: string;
  readonly applications: ReadonlyMap<string, RevisionApplication>;
  readonly problems: readonly PreviewProblem[];
}

/**
 * All Applications of a revision: those in plain files, those that ApplicationSets stand for, and those that the
 * manifests of other Applications hold, generation after generation.
 */
export async function readRevision(snapshot: Snapshot, world: PreviewWorld, renderer: Renderer): Promise<Revision> {
  const reader = new RevisionReader(snapshot, world, renderer);
  return reader.read();
}

class RevisionReader {
  readonly #snapshot: Snapshot;
  readonly #world: PreviewWorld;
  readonly #renderer: Renderer;
  readonly #applications = new Map<string, RevisionApplication>();
  readonly #sets = new Set<string>();
  readonly #problems: PreviewProblem[] = [];
  readonly #functions = applicationSetFunctions(helmFunctionTable(new SteadyEnvironment().restart("applicationsets")));

  constructor(snapshot: Snapshot, world: PreviewWorld, renderer: Renderer) {
    this.#snapshot = snapshot;
    this.#world = world;
    this.#renderer = renderer;
  }

  async read(): Promise<Revision> {
    const discovery = discoverApplications(this.#snapshot);
    for (const { path, message } of discovery.problems) this.#report(path, message, "warning");
    let generation: readonly Manifest[] = discovery.manifests.map((each) => each.manifest);
    for (let depth = 0; generation.length > 0; depth++) {
      if (depth === generationsMax) {
        this.#report(
          "applications of applications",
          `more than ${generationsMax} generations: is one its own parent?`,
          "error",
        );
        break;
      }
      generation = await this.#readGeneration(generation);
    }
    return { name: this.#snapshot.name, applications: this.#applications, problems: this.#problems };
  }

  /** Takes in the Applications and returns those that they in turn deploy. */
  async #readGeneration(manifests: readonly Manifest[]): Promise<readonly Manifest[]> {
    const applications = manifests.filter(isApplication);
    for (const set of manifests.filter(isApplicationSet)) applications.push(...(await this.#expand(set)));
    const next = await Promise.all(applications.map((manifest) => this.#readApplication(manifest)));
    return next.flat();
  }

  async #readApplication(manifest: Manifest): Promise<readonly Manifest[]> {
    this.#world.signal.throwIfAborted();
    const key = keyOf(manifest);
    // The file alone does not say the namespace; now its parent does.
    if (manifest.namespace !== "") this.#applications.delete(keyOf({ ...manifest, namespace: "" }));
    const known = this.#applications.get(key);
    // The same object in a file and in what a parent renders from that file.
    if (known && sameValue(known.application.manifest.value["spec"], manifest.value["spec"])) return [];
    if (this.#applications.size >= applicationsMax) {
      throw new PreviewError("too-large", `more than ${applicationsMax} applications at ${this.#snapshot.name}`);
    }
    const application = this.#parse(manifest);
    if (!application) return [];
    try {
      const revision = { snapshot: this.#snapshot, world: this.#world };
      const prepared = await prepareApplication(application, revision, this.#renderer.shelf);
      this.#applications.set(key, { application, prepared });
      if (!prepared.mayHoldApplications) return [];
      const rendered = await this.#renderer.manifests(prepared);
      return rendered
        .filter((each) => isApplication(each) || isApplicationSet(each))
        .map((each) => inNamespace(each, application));
    } catch (error) {
      this.#applications.set(key, { application, failure: failureOf(error) });
      return [];
    }
  }

  #parse(manifest: Manifest): Application | undefined {
    try {
      return applicationOf(manifest);
    } catch (error) {
      this.#report(manifest.name, failureOf(error), "error");
      return undefined;
    }
  }

  async #expand(set: Manifest): Promise<readonly Manifest[]> {
    const key = keyOf(set);
    if (this.#sets.has(key)) return [];
    this.#sets.add(key);
    try {
      const repositories = await this.#repositoriesOf(set);
      return expandApplicationSet(set, {
        functions: this.#functions,
        clusters: this.#world.clusters,
        pullRequests: this.#world.pullRequests,
        repository: (url, revision) => {
          const found = repositories.get(`${url}\n${revision}`);
          if (found) return found;
          throw new PreviewError(
            "unsupported",
            `the address ${url} at ${revision} comes from another generator; write it out`,
          );
        },
      });
    } catch (error) {
      this.#report(`ApplicationSet ${set.name}`, failureOf(error), "error");
      return [];
    }
  }

  /** Generators are pure, so the repositories that they read are brought beforehand. */
  async #repositoriesOf(set: Manifest): Promise<ReadonlyMap<string, Snapshot>> {
    const found = new Map<string, Snapshot>();
    for (const { url, revision, path } of gitGenerators(listAt(set.value, "spec", "generators"))) {
      const context = { snapshot: this.#snapshot, world: this.#world, path };
      found.set(`${url}\n${revision}`, await snapshotOf(url, revision, context));
    }
    return found;
  }

  #report(subject: string, message: string, severity: PreviewProblem["severity"]): void {
    this.#problems.push({ severity, revision: this.#snapshot.name, subject, message });
  }
}

interface GitGenerator {
  readonly url: string;
  readonly revision: string;
  readonly path: string | undefined;
}

function gitGenerators(value: readonly JsonValue[]): readonly GitGenerator[] {
  const found: GitGenerator[] = [];
  const visit = (each: JsonValue | undefined): void => {
    if (typeof each !== "object" || each === null) return;
    const url = textAt(each, "git", "repoURL");
    if (url !== undefined) {
      const first = listAt(each, "git", "directories")[0] ?? listAt(each, "git", "files")[0];
      // The fixed beginning of the first pattern tells whether the repository could be this one.
      const path = textAt(first, "path")?.replace(/\/?[^/]*[*?[{].*$/s, "");
      found.push({ url, revision: textAt(each, "git", "revision") ?? "HEAD", path });
    }
    for (const child of Object.values(each)) visit(child);
  };
  for (const each of value) visit(each);
  return found;
}

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The key in a revision of an Application that another one deploys. */
export function keyOfDeployed(manifest: Manifest, parent: Application): string {
  return keyOf(inNamespace(manifest, parent));
}

function inNamespace(manifest: Manifest, parent: Application): Manifest {
  return manifest.namespace === "" && parent.destinationNamespace !== ""
    ? { ...manifest, namespace: parent.destinationNamespace }
    : manifest;
}

function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What was thrown on purpose says what to do. A defect must not look like the user's, and must not hide the other applications. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOnPurpose = "code" in error || !["Error", "TypeError", "RangeError", "ReferenceError"].includes(error.name);
  return isOnPurpose ? error.message : `a defect of the preview itself, please report it: ${error.message}`;
}
