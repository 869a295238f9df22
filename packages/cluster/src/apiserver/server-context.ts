import type { Admission } from "../admission/admission.ts";
import type { KindRegistry } from "../kinds/index.ts";
import type { SchemaLibrary } from "../schema/schema.ts";
import type { Store } from "../store/store.ts";
import type { ApiRequest, ApiResponse } from "../api/api-exchange.ts";
import type { Allocations } from "./allocations.ts";
import type { Call } from "./call.ts";

/** What the verbs stand on. */
export interface ServerContext {
  readonly store: Store;
  readonly kinds: KindRegistry;
  readonly library: SchemaLibrary;
  readonly admission: Admission;
  readonly now: () => Date;
  /** What only one object may have. Nothing is given out when it is left out. */
  readonly allocations?: Allocations;
  /** By `pods/log`; those of `status` and `scale` are the verbs' own. */
  readonly subresources: ReadonlyMap<string, SubresourceHandler>;
  /** By `selfsubjectaccessreviews.authorization.k8s.io`: kinds that are asked and not stored. */
  readonly reviews: ReadonlyMap<string, SubresourceHandler>;
  /** Another server answers for a group and version (aggregation). */
  readonly elsewhere: (
    group: string,
    version: string,
  ) => ((request: ApiRequest, user: Call["user"]) => Promise<ApiResponse>) | undefined;
}

export type SubresourceHandler = (call: Call, context: ServerContext) => Promise<ApiResponse>;
