import type { Kind, KindRegistry } from "../../kinds/index.ts";
import { matchesSelector, type LabelSelector } from "../../model/selector.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest } from "../admission.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { namespaceOf } from "./described-request.ts";

export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}

export interface Match {
  readonly rules: readonly Rule[];
  readonly excluded?: readonly Rule[];
  readonly matchPolicy?: string | undefined;
  readonly namespaceSelector?: LabelSelector | undefined;
  readonly objectSelector?: LabelSelector | undefined;
}

type About = Omit<AdmissionRequest, "object" | "old">;

/** The kind that the rules mean of the request, in the version that they name; undefined when they don't mean it. */
export function ruledKind(kinds: KindRegistry, { rules, matchPolicy }: Match, request: About): Kind | undefined {
  const { kind } = request;
  if (rules.some((rule) => isRuled(rule, request, kind))) return kind;
  if (matchPolicy === "Exact") return undefined;
  return equivalents(kinds, kind).find((each) => rules.some((rule) => isRuled(rule, request, each)));
}

/** The same objects under another version, or under another group. */
function equivalents(kinds: KindRegistry, kind: Kind): readonly Kind[] {
  const home = ({ storedAs, group }: Kind): string => storedAs?.group ?? group;
  return kinds.all().filter((each) => each !== kind && each.plural === kind.plural && home(each) === home(kind));
}

export function isRuled(rule: Rule, request: About, { group, version, plural, namespaced }: Kind): boolean {
  const { operation, subresource } = request;
  return (
    hasOrAll(rule.operations, operation) &&
    hasOrAll(rule.apiGroups, group) &&
    hasOrAll(rule.apiVersions, version) &&
    isInScope(rule.scope, namespaced) &&
    (rule.resources ?? []).some((text) => {
      const [resource = "", sub = ""] = text.split("/");
      return (resource === "*" || resource === plural) && (sub === "*" || sub === subresource);
    })
  );
}

function isInScope(scope: string | undefined, namespaced: boolean): boolean {
  return scope === undefined || scope === "*" || (scope === "Namespaced") === namespaced;
}

function hasOrAll(values: readonly string[] | undefined, wanted: string): boolean {
  return values !== undefined && (values.includes("*") || values.includes(wanted));
}

/** Objects are chosen by what they were and by what they become. */
export function isChosen(objects: StoredObjects, match: Match, request: AdmissionRequest): boolean {
  return isNamespaceChosen(objects, match, request) && isObjectChosen(match, request);
}

function isNamespaceChosen(objects: StoredObjects, { namespaceSelector }: Match, request: AdmissionRequest): boolean {
  if (isEmpty(namespaceSelector)) return true;
  const namespace = namespaceOf(request);
  if (namespace === "") return true;
  const { kind, operation, subresource, object } = request;
  const isItself = kind.group === "" && kind.plural === "namespaces" && subresource === "" && operation !== "DELETE";
  const labels = isItself ? object?.metadata.labels : objects.get("namespaces", "", namespace)?.metadata.labels;
  return matchesSelector(namespaceSelector, labels);
}

function isObjectChosen({ objectSelector }: Match, { object, old }: AdmissionRequest): boolean {
  if (isEmpty(objectSelector)) return true;
  return [object, old].some(
    (each: KubeObject | undefined) => each && matchesSelector(objectSelector, each.metadata?.labels),
  );
}

function isEmpty(selector: LabelSelector | undefined): boolean {
  return (
    selector === undefined ||
    (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0)
  );
}

/** What decides about admission is not admitted by it, so that what locks everybody out can be taken back. */
export function isExempt({ kind }: Pick<AdmissionRequest, "kind">): boolean {
  return kind.group === "admissionregistration.k8s.io";
}
