import { clusterScopedKinds } from "../data/cluster-scoped.ts";
import { apiVersionOf } from "./gvk.ts";
import type { Gvk } from "./gvk.ts";

const builtIn = new Set(clusterScopedKinds);

/** Knows which kinds are certainly not in a namespace: the built-in ones, and those an `openapi` file says so of. */
export class Scopes {
  readonly #custom = new Set<string>();

  addClusterScoped(apiVersionAndKind: string): void {
    this.#custom.add(apiVersionAndKind);
  }

  isClusterScoped(gvk: Gvk): boolean {
    const key = `${apiVersionOf(gvk)}/${gvk.kind}`;
    return builtIn.has(key) || this.#custom.has(key);
  }
}
