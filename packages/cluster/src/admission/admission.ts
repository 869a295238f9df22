import type { UserInfo } from "../api/api-exchange.ts";
import type { Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";

/** A write on its way, as admission sees it. */
export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly kind: Kind;
  /** What is sent, where that is something else: an Eviction to a pod. */
  readonly objectKind?: { readonly group: string; readonly version: string; readonly kind: string } | undefined;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** What will be written; mutating steps change it in place. Absent in deletions. */
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  /** Sentences for the `Warning` headers of the answer. */
  readonly warnings: string[];
  readonly auditAnnotations: Record<string, string>;
}

/** A step decides at once from what is in the store: it runs while the write has its turn. It refuses by throwing an ApiError. */
export type AdmissionStep = (request: AdmissionRequest) => void;

/** Steps that ask somebody else first. A write that they look at is begun anew when the object changed in the meantime. */
export interface RemoteAdmission {
  readonly isAsked: (request: Omit<AdmissionRequest, "object" | "old">) => boolean;
  /** May change the object in place. */
  readonly mutate: (request: AdmissionRequest) => Promise<void>;
  readonly validate: (request: AdmissionRequest) => Promise<void>;
}

export interface Admission {
  readonly mutating: readonly AdmissionStep[];
  readonly validating: readonly AdmissionStep[];
  /** Last of all, when nothing else stands in the way: what is used up. They may refuse as well. */
  readonly counting: readonly AdmissionStep[];
  readonly remote: RemoteAdmission;
}

export const noRemoteAdmission: RemoteAdmission = {
  isAsked: () => false,
  mutate: async () => undefined,
  validate: async () => undefined,
};
