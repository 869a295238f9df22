import { PreviewError } from "./errors.ts";
import { isObject } from "./json-value.ts";
import { manifestsOf, type Manifest } from "./manifest.ts";
import { renderDirectory } from "./source/directory-source.ts";
import { ChartShelf, renderHelm } from "./source/helm-source.ts";
import { renderKustomization } from "./source/kustomize-source.ts";
import type { PreparedApplication, PreparedSource } from "./source/prepared-application.ts";
import type { PreviewWorld } from "./world.ts";

/** Renders applications, each fingerprint once: the manifests of an unchanged one at two revisions are the same. */
export class Renderer {
  readonly shelf = new ChartShelf();
  readonly #world: PreviewWorld;
  readonly #rendered = new Map<string, Promise<readonly Manifest[]>>();
  #renders = 0;

  constructor(world: PreviewWorld) {
    this.#world = world;
  }

  /** How many applications were really rendered, not found in a cache. */
  get renders(): number {
    return this.#renders;
  }

  manifests(prepared: PreparedApplication): Promise<readonly Manifest[]> {
    const known = this.#rendered.get(prepared.fingerprint);
    if (known) return known;
    const rendering = this.#renderOrRecall(prepared);
    this.#rendered.set(prepared.fingerprint, rendering);
    return rendering;
  }

  /** Once both sides are compared the manifests are not needed any more. */
  forget(prepared: PreparedApplication): void {
    this.#rendered.delete(prepared.fingerprint);
  }

  async #renderOrRecall(prepared: PreparedApplication): Promise<readonly Manifest[]> {
    const { cache } = this.#world;
    const recalled = await cache.get(prepared.fingerprint);
    if (recalled !== undefined) return manifestsOf(parsed(recalled));
    this.#renders++;
    const manifests: Manifest[] = [];
    for (const source of prepared.sources) manifests.push(...(await this.#renderSource(source, prepared)));
    await cache.put(
      prepared.fingerprint,
      JSON.stringify(
        manifests.map((each) => each.value),
        bigintAsNumber,
      ),
    );
    return manifests;
  }

  async #renderSource(
    { source, tool, dependencies }: PreparedSource,
    prepared: PreparedApplication,
  ): Promise<readonly Manifest[]> {
    const { application, all } = prepared;
    const context = { application, source, all };
    const { kubeVersion, apiVersions } = this.#world;
    if (tool === "helm") return renderHelm({ context, dependencies, kubeVersion, apiVersions }, this.shelf);
    if (source.kind === "chart") throw new PreviewError("unsupported", "a packaged chart is rendered by Helm alone");
    return tool === "kustomize" ? renderKustomization(source, application, this.#world) : renderDirectory(source);
  }
}

function parsed(text: string): readonly unknown[] {
  const values: unknown = JSON.parse(text);
  return Array.isArray(values) ? values.filter(isObject) : [];
}

function bigintAsNumber(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
