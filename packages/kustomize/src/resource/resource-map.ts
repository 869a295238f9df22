import { KustomizeError } from "../kustomize-error.ts";
import { limits } from "../limits.ts";
import { setAnnotation } from "./metadata.ts";
import { buildAnnotation } from "./build-annotations.ts";
import { mergeData } from "./generated-data.ts";
import { originOf, setOrigin } from "./origin.ts";
import type { Resource } from "./resource.ts";
import { idEquals, idGoText, idKey, idText } from "./res-id.ts";
import type { ResId } from "./res-id.ts";

/** The objects of a build, in order; no two have the same current identity when they come in. */
export class ResourceMap {
  #list: Resource[] = [];
  /** The identities of the list, while nobody outside can have changed one: appending file by file stays linear. */
  #keys: Set<string> | undefined;

  constructor(resources: readonly Resource[] = []) {
    this.appendAll(resources);
  }

  get resources(): readonly Resource[] {
    this.#keys = undefined;
    return this.#list;
  }

  get size(): number {
    return this.#list.length;
  }

  append(resource: Resource): void {
    this.appendAll([resource]);
  }

  appendAll(resources: readonly Resource[]): void {
    if (resources.length === 0) return;
    this.#keys ??= new Set(this.#list.filter((present) => !present.isEmpty).map(({ currentId }) => idKey(currentId)));
    const keys = this.#keys;
    for (const resource of resources) {
      const id = resource.currentId;
      const key = idKey(id);
      if (keys.has(key)) {
        throw new KustomizeError("conflict", `may not add resource with an already registered id: ${idText(id)}`);
      }
      keys.add(key);
      this.#list.push(resource);
    }
    if (this.#list.length > limits.resourcesMax) {
      throw new KustomizeError("limit", `the build has more than ${limits.resourcesMax} objects`);
    }
  }

  /** Takes generated objects in: each adds to, merges with or replaces one, as its behaviour says. */
  absorbAll(generated: readonly Resource[]): void {
    for (const resource of generated) this.#absorb(resource);
  }

  #absorb(resource: Resource): void {
    const id = resource.currentId;
    const matches = this.matchingAnyId((candidate) => idEquals(id, candidate));
    const behavior = resource.annotations.get(buildAnnotation.behavior);
    const joins = behavior === "merge" || behavior === "replace";
    const [old] = matches;
    if (old === undefined) {
      if (joins) {
        throw new KustomizeError("conflict", `id ${idGoText(id)} does not exist; cannot merge or replace`);
      }
      this.append(resource);
      return;
    }
    if (matches.length > 1) {
      const texts = matches.map((match) => idText(match.currentId)).join(" ");
      throw new KustomizeError(
        "conflict",
        `found multiple objects [${texts}] that could accept merge of ${idText(id)}`,
      );
    }
    if (!joins) {
      throw new KustomizeError("conflict", `id ${idGoText(id)} exists; behavior must be merge or replace`);
    }
    const origin = originOf(old);
    resource.mergeMetadataFrom(old);
    if (behavior === "merge") {
      mergeData(resource, old);
      if (origin !== undefined) setOrigin(resource, origin);
    }
    this.#list[this.#list.indexOf(old)] = resource;
  }

  matchingAnyId(matches: (id: ResId) => boolean): Resource[] {
    return this.resources.filter(
      (resource) => !resource.isEmpty && (resource.previousIds.some(matches) || matches(resource.currentId)),
    );
  }

  /** The one object that has or had this identity. */
  byId(id: ResId): Resource {
    const found = this.matchingAnyId((candidate) => idEquals(id, candidate));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    const problem = found.length > 1 ? "multiple matches for Id" : "no matches for Id";
    throw new KustomizeError(
      "transform",
      `${problem} ${idText(id)}; failed to find unique target for patch ${idText(id)}`,
    );
  }

  dropEmpty(): void {
    this.#list = this.resources.filter((resource) => !resource.isEmpty);
  }

  /** Puts the objects in another order, or leaves some out. */
  replaceAll(resources: readonly Resource[]): void {
    this.#list = [];
    this.#keys = undefined;
    this.appendAll(resources);
  }

  keepOnly(predicate: (resource: Resource) => boolean): void {
    this.#list = this.resources.filter(predicate);
  }

  annotateAll(key: string, value: string): void {
    for (const resource of this.resources) setAnnotation(resource.tree, key, value);
  }
}
