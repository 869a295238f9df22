import type { Kind, KindRegistry } from "../../kinds/index.ts";
import type { AdmissionRequest } from "../admission.ts";
import { isChosen, ruledKind, type Rule } from "../matching/match-rules.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { matchOf, type MatchResources } from "./policy-objects.ts";

export interface Surroundings {
  readonly objects: StoredObjects;
  readonly kinds: KindRegistry;
}

/** In which version a policy or binding means a request; undefined when it doesn't. Without rules it means everything. */
export function matchedKind(
  { objects, kinds }: Surroundings,
  constraints: MatchResources,
  request: AdmissionRequest,
): Kind | undefined {
  const match = matchOf(constraints);
  if (!isChosen(objects, match, request)) return undefined;
  const named = (rules: readonly Rule[]): readonly Rule[] => rules.filter((rule) => isNamed(rule, request));
  const excluded = named(match.excluded ?? []);
  if (excluded.length > 0 && ruledKind(kinds, { ...match, rules: excluded }, request)) return undefined;
  if (match.rules.length === 0) return request.kind;
  return ruledKind(kinds, { ...match, rules: named(match.rules) }, request);
}

function isNamed({ resourceNames = [] }: Rule, { name, object }: AdmissionRequest): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name || (object?.metadata.name ?? ""));
}
