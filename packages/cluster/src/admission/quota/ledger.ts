import { trackUpdate } from "../../apply/index.ts";
import { decodeObject, encodeObject, keyOf } from "../../apiserver/object-store.ts";
import { apiVersionOf, type Kind } from "../../kinds/index.ts";
import { formatQuantity, nanosOf, parseQuantity } from "../../object/quantity.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { SchemaLibrary } from "../../schema/schema.ts";
import type { Store } from "../../store/store.ts";
import type { Amounts } from "../pod-shape.ts";

export interface ResourceQuota extends KubeObject {
  spec?: {
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly Scope[] };
  };
  status?: { readonly hard?: Amounts; readonly used?: Amounts };
}

interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Entry {
  readonly amounts: Amounts;
  /** Of the write that has it in the quota's status; undefined as long as there is none. */
  revision: number | undefined;
}

export interface LedgerOptions {
  readonly store: Store;
  readonly kind: Kind;
  readonly library: SchemaLibrary;
  readonly now: () => Date;
}

/**
 * What was used up of quotas since their status was last read. Admission decides while a write has its turn and can't write the quota
 * in the same one; the quota follows at once, and what is on its way counts already.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #entries = new Map<string, Entry[]>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  used(quota: ResourceQuota): Amounts {
    const key = this.#keyOf(quota);
    const seen = Number(quota.metadata.resourceVersion);
    const entries = (this.#entries.get(key) ?? []).filter(({ revision }) => revision === undefined || revision > seen);
    if (entries.length === 0) this.#entries.delete(key);
    else this.#entries.set(key, entries);
    return entries.reduce((sum, { amounts }) => added(sum, amounts), quota.status?.used ?? {});
  }

  take(quota: ResourceQuota, amounts: Amounts): void {
    const key = this.#keyOf(quota);
    const entries = this.#entries.get(key) ?? [];
    const isFirst = !entries.some(({ revision }) => revision === undefined);
    this.#entries.set(key, [...entries, { amounts, revision: undefined }]);
    if (isFirst) queueMicrotask(() => void this.#write(key));
  }

  async #write(key: string): Promise<void> {
    const { store, kind } = this.#options;
    const waiting = (this.#entries.get(key) ?? []).filter(({ revision }) => revision === undefined);
    try {
      await store.write({
        key,
        decide: (stored, revision) => {
          if (!stored) return "keep";
          for (const entry of waiting) entry.revision = revision;
          const quota = decodeObject(kind, stored) as ResourceQuota;
          return encodeObject(kind, this.#counted(quota, waiting), revision);
        },
      });
    } catch {
      // Neither the object nor the quota was written; the store has told the one who wrote the object.
      this.#entries.delete(key);
    }
  }

  #counted(quota: ResourceQuota, entries: readonly Entry[]): KubeObject {
    const { kind, library, now } = this.#options;
    const used = entries.reduce((sum, { amounts }) => added(sum, amounts), quota.status?.used ?? {});
    return trackUpdate({
      live: quota,
      next: { ...quota, status: { ...quota.status, used } },
      manager: "kube-apiserver",
      apiVersion: apiVersionOf(kind),
      subresource: "status",
      schema: kind.schema,
      library,
      now: now(),
    });
  }

  #keyOf({ metadata: { namespace = "", name = "" } }: ResourceQuota): string {
    return keyOf(this.#options.kind, namespace, name);
  }
}

export function added(sum: Amounts, amounts: Amounts): Amounts {
  const grown = Object.entries(amounts).map(([name, amount]) => [name, plus(sum[name], amount)]);
  return { ...sum, ...Object.fromEntries(grown) };
}

/** In the form of the first, unless that is nothing. */
function plus(left: string | undefined, right: string): string {
  const nanos = nanosOf(left ?? "0") + nanosOf(right);
  const format = parseQuantity(nanosOf(left ?? "0") === 0n ? right : left)?.format ?? "decimal";
  return formatQuantity({ nanos, format });
}
