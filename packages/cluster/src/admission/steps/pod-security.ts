import { invalid } from "../../apiserver/status.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import {
  checkExistingPods,
  checkNamespaceLabels,
  checkPod,
  checkTemplate,
  type PodSecurityVerdict,
} from "../pod-security/pod-security.ts";
import { isAbout, refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";

const templates: readonly (readonly [plural: string, group: string])[] = [
  ["replicationcontrollers", ""],
  ["podtemplates", ""],
  ["replicasets", "apps"],
  ["deployments", "apps"],
  ["statefulsets", "apps"],
  ["daemonsets", "apps"],
  ["jobs", "batch"],
  ["cronjobs", "batch"],
];

/** The Pod Security Standards, at the levels that the namespace asks for. */
export function podSecurity(objects: StoredObjects): AdmissionStep {
  return (request) => {
    const { object, operation } = request;
    if (!object || (operation !== "CREATE" && operation !== "UPDATE")) return;
    if (isAbout(request, "namespaces")) return checkNamespace(objects, request);
    const verdict = verdictOf(objects, request);
    if (!verdict) return;
    request.warnings.push(...verdict.warnings);
    Object.assign(request.auditAnnotations, verdict.auditAnnotations);
    if (verdict.forbidden !== undefined) throw refused(request, verdict.forbidden);
  };
}

const subresourcesOfPods = new Set(["", "ephemeralcontainers", "resize"]);

function verdictOf(objects: StoredObjects, request: AdmissionRequest): PodSecurityVerdict | undefined {
  const { kind, subresource, object, old } = request;
  if (!object) return undefined;
  if (kind.plural === "pods" && kind.group === "")
    return subresourcesOfPods.has(subresource) ? checkPod(object, labelsOf(objects, request), old) : undefined;
  if (templates.some(([plural, group]) => isAbout(request, plural, group)))
    return checkTemplate(object, labelsOf(objects, request));
  return undefined;
}

/** Of the namespace. */
function labelsOf(objects: StoredObjects, { namespace }: AdmissionRequest): Readonly<Record<string, string>> {
  return objects.get("namespaces", "", namespace)?.metadata.labels ?? {};
}

function checkNamespace(objects: StoredObjects, { kind, object, old, operation, warnings }: AdmissionRequest): void {
  const { name = "", labels = {} } = object?.metadata ?? {};
  const before = old?.metadata.labels ?? {};
  const errors = checkNamespaceLabels(labels, operation === "UPDATE" ? before : undefined);
  if (errors.length > 0) throw invalid(kind, name, errors);
  if (operation === "UPDATE")
    warnings.push(...checkExistingPods({ name, labels, before }, () => objects.read("pods", name)));
}
