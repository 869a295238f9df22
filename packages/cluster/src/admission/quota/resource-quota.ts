import { canonicalQuantity, compareQuantities } from "../../object/quantity.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import { containersOf, type Amounts, type PodObject } from "../pod-shape.ts";
import { refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { added, type Ledger, type ResourceQuota } from "./ledger.ts";
import { isInScope } from "./scopes.ts";
import { computeUsage, increase, quotaKind, type QuotaKind } from "./usage.ts";

/** Things of which nobody has more than the quotas of the namespace say, and which then count as used. */
export function resourceQuota(objects: StoredObjects, ledger: Ledger, now: () => Date): AdmissionStep {
  return (request) => {
    const { namespace, kind, object, old, dryRun } = request;
    if (namespace === "" || !object || !isCounted(request)) return;
    const quotas = objects.list<ResourceQuota>("resourcequotas", namespace);
    if (quotas.length === 0) return;
    const counted = quotaKind(kind.plural, kind.group);
    const meant = quotas.filter((quota) => isMeant(quota, request, object));
    for (const quota of meant) checkStated(request, quota, counted);
    const usage = counted.usage(object, now());
    const more = old ? increase(usage, counted.usage(old, now())) : usage;
    const takes = meant.map((quota) => ({
      quota,
      amounts: takenOf(quota, old && isMeant(quota, request, old) ? more : usage),
    }));
    for (const { quota, amounts } of takes) checkLeft(request, quota, { amounts, used: ledger.used(quota) });
    if (dryRun) return;
    for (const { quota, amounts } of takes) if (Object.keys(amounts).length > 0) ledger.take(quota, amounts);
  };
}

function isCounted({ kind, subresource, operation, object, old }: AdmissionRequest): boolean {
  const isCore = kind.group === "";
  if (isCore && kind.plural === "pods") {
    if (subresource === "resize") return operation === "UPDATE";
    if (subresource !== "") return false;
    return operation === "CREATE" || (operation === "UPDATE" && isLimitedInTime(object) !== isLimitedInTime(old));
  }
  if (subresource !== "") return false;
  const canGrow = isCore && (kind.plural === "services" || kind.plural === "persistentvolumeclaims");
  return operation === "CREATE" || (canGrow && operation === "UPDATE");
}

function isLimitedInTime(pod: KubeObject | undefined): boolean {
  return ((pod as PodObject | undefined)?.spec.activeDeadlineSeconds ?? -1) >= 0;
}

function isMeant({ spec, status }: ResourceQuota, { kind }: AdmissionRequest, object: KubeObject): boolean {
  const counted = quotaKind(kind.plural, kind.group);
  if (!Object.keys(status?.hard ?? {}).some(counted.counts)) return false;
  const scopes = [
    ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...(spec?.scopeSelector?.matchExpressions ?? []),
  ];
  return scopes.every((scope) => kind.group === "" && isInScope(kind.plural, object, scope));
}

const mustBeSaid = new Set(["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]));

/** Containers have to say what they take of what is limited; and what is limited has to have been counted before. */
function checkStated(
  request: AdmissionRequest,
  { metadata: { name = "" }, status }: ResourceQuota,
  counted: QuotaKind,
): void {
  const limited = Object.keys(status?.hard ?? {}).filter(counted.counts);
  if (request.kind.plural === "pods") {
    const missing = unsaid(request.object as PodObject, limited.filter((each) => mustBeSaid.has(each)).toSorted());
    if (missing.length > 0) throw refused(request, `failed quota: ${name}: must specify ${missing.join("; ")}`);
  }
  const uncounted = limited.filter((each) => status?.used?.[each] === undefined);
  if (uncounted.length > 0)
    throw refused(request, `status unknown for quota: ${name}, resources: ${limited.toSorted().join(",")}`);
}

function unsaid({ spec }: PodObject, wanted: readonly string[]): readonly string[] {
  const { requests = {}, limits = {} } = spec.resources ?? {};
  if (Object.keys(requests).length + Object.keys(limits).length > 0) return [];
  const containers = containersOf(spec);
  return wanted.flatMap((resource) => {
    const silent = containers.filter(({ resources }) => {
      const said = computeUsage(resources?.requests ?? {}, resources?.limits ?? {});
      return said[resource] === undefined;
    });
    const names = [...new Set(silent.map(({ name }) => name))].toSorted();
    return names.length === 0 ? [] : [`${resource} for: ${names.join(",")}`];
  });
}

function takenOf({ status }: ResourceQuota, usage: Amounts): Amounts {
  const hard = status?.hard ?? {};
  return Object.fromEntries(
    Object.entries(usage).filter(([name, amount]) => hard[name] !== undefined && compareQuantities(amount, "0") !== 0),
  );
}

function checkLeft(
  request: AdmissionRequest,
  { metadata: { name = "" }, status }: ResourceQuota,
  { amounts, used }: { readonly amounts: Amounts; readonly used: Amounts },
): void {
  const hard = status?.hard ?? {};
  const next = added(used, amounts);
  const exceeded = Object.keys(amounts)
    .filter((each) => compareQuantities(next[each], hard[each]) > 0)
    .toSorted();
  if (exceeded.length === 0) return;
  const shown = (of: Amounts): string =>
    exceeded.map((each) => `${each}=${canonicalQuantity(of[each] ?? "0") ?? "0"}`).join(",");
  throw refused(
    request,
    `exceeded quota: ${name}, requested: ${shown(amounts)}, used: ${shown(used)}, limited: ${shown(hard)}`,
  );
}
