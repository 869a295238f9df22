import type { KubeAnswer } from "../kube-client.ts";
import { statusOf } from "../kube-error.ts";
import type { KubeObject } from "../objects/kube-object.ts";

/** What became of one object. */
export type ApplyOutcome =
  /** `applied`: it was there before; whether anything changed is not told by the server. */
  | { readonly result: "created" | "applied"; readonly object: KubeObject; readonly warnings: readonly string[] }
  | { readonly result: "conflict"; readonly object: KubeObject; readonly conflicts: readonly FieldConflict[] };

/** A field that belongs to somebody else. */
export interface FieldConflict {
  /** `kubectl`, `kube-controller-manager` */
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
  /** In the words of the server. */
  readonly message: string;
}

/** The conflicts that an answer names; none when it is about something else. */
export function conflictsOf(answer: KubeAnswer): readonly FieldConflict[] {
  if (answer.status !== 409) return [];
  return (statusOf(answer.body).details?.causes ?? []).flatMap(({ reason, message = "", field = "" }) =>
    reason === "FieldManagerConflict" ? [{ manager: /"([^"]*)"/u.exec(message)?.[1] ?? "", field, message }] : [],
  );
}
