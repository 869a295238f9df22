import type { ApiRequest, UserInfo } from "../api/api-exchange.ts";
import type { Kind } from "../kinds/index.ts";
import type { ResourceInfo } from "./request-info.ts";
import { noSuchResource } from "./status.ts";

/** A request for objects of a kind, after it is known who asks. */
export interface Call {
  readonly request: ApiRequest;
  readonly info: ResourceInfo;
  readonly kind: Kind;
  readonly user: UserInfo;
  readonly now: Date;
  /** Refuses when the asker may not do this as well; for what turns out to be something else than was asked for. */
  readonly needs: (verb: string) => void;
  /** Sentences for the `Warning` headers of the answer. */
  readonly warnings: string[];
  /** What the audit log says besides. */
  readonly annotations: Record<string, string>;
}

/** The namespace of objects that a call is about; empty for kinds without. */
export function namespaceOf({ kind, info }: Pick<Call, "kind" | "info">): string {
  return kind.namespaced ? info.namespace : "";
}

/** Nothing is made or deleted in all namespaces at once. */
const acrossNamespaces = new Set(["list", "watch"]);

/** Whether a path fits the kind: namespaced objects have a namespace in theirs, others have none. */
export function checkPlace({ kind, info }: Pick<Call, "kind" | "info">): void {
  const isInNamespace = info.namespace !== "" && info.plural !== "namespaces";
  const needsNamespace = kind.namespaced && (info.name !== "" || !acrossNamespaces.has(info.verb));
  if ((needsNamespace && !isInNamespace) || (!kind.namespaced && isInNamespace)) throw noSuchResource();
}

export function isDryRun({ request }: Pick<Call, "request">): boolean {
  return request.query.getAll("dryRun").includes("All");
}
