import { clusterScopedKinds, namespacedKinds } from "../data/kind-scopes.ts";
import { apiVersionOf } from "./gvk.ts";
import type { Gvk } from "./gvk.ts";

const clusterScoped = new Set(clusterScopedKinds);
const namespaced = new Set(namespacedKinds);

/** Knows which kinds are certainly not in a namespace: the built-in ones, and those an `openapi` file says so of. */
export class Scopes {
  readonly #custom = new Set<string>();
  /** Whether it was asked about a kind that is not built in: kustomize then reads its own OpenAPI document, too. */
  wasAskedOther = false;

  addClusterScoped(apiVersionAndKind: string): void {
    this.#custom.add(apiVersionAndKind);
  }

  isClusterScoped(gvk: Gvk): boolean {
    const key = `${apiVersionOf(gvk)}/${gvk.kind}`;
    if (clusterScoped.has(key)) return true;
    if (namespaced.has(key)) return false;
    this.wasAskedOther = true;
    return this.#custom.has(key);
  }
}
