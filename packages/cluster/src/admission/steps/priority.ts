import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import type { PodObject } from "../pod-shape.ts";
import { isAbout, refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";

interface PriorityClass extends KubeObject {
  value: number;
  globalDefault?: boolean;
  preemptionPolicy?: string;
}

const resource = "priorityclasses.scheduling.k8s.io";

/** How important a pod is, from the name of its class. */
export function priority(objects: StoredObjects): { readonly mutate: AdmissionStep; readonly validate: AdmissionStep } {
  return {
    mutate: (request) => {
      if (!isAbout(request, "pods") || !request.object) return;
      const { spec } = request.object as PodObject;
      if (request.operation === "CREATE") return resolve(objects, request, spec);
      const before = request.old as PodObject | undefined;
      if (spec.priority === undefined && before?.spec.priority !== undefined) spec.priority = before.spec.priority;
      if (spec.preemptionPolicy === undefined && before?.spec.preemptionPolicy !== undefined)
        spec.preemptionPolicy = before.spec.preemptionPolicy;
    },
    validate: (request) => {
      const { object, operation } = request;
      if (!isAbout(request, "priorityclasses", "scheduling.k8s.io") || !object) return;
      if ((object as PriorityClass).globalDefault !== true) return;
      const known = byDefault(objects);
      if (known && (operation === "CREATE" || known.metadata.name !== object.metadata.name))
        throw refused(
          request,
          `PriorityClass ${known.metadata.name ?? ""} is already marked as default. Only one default can exist`,
        );
    },
  };
}

function resolve(objects: StoredObjects, request: AdmissionRequest, spec: PodObject["spec"]): void {
  const name = spec.priorityClassName ?? "";
  const known = name === "" ? byDefault(objects) : objects.get<PriorityClass>(resource, "", name);
  if (!known && name !== "") throw refused(request, `no PriorityClass with name ${name} was found`);
  if (known && name === "") spec.priorityClassName = known.metadata.name ?? "";
  const value = known?.value ?? 0;
  const policy = known ? known.preemptionPolicy : "PreemptLowerPriority";
  if (spec.priority !== undefined && spec.priority !== value)
    throw refused(
      request,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  spec.priority = value;
  if (policy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw refused(
      request,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  spec.preemptionPolicy = policy;
}

/** Of several the least important. */
function byDefault(objects: StoredObjects): PriorityClass | undefined {
  let least: PriorityClass | undefined;
  for (const each of objects.list<PriorityClass>(resource))
    if (each.globalDefault && (!least || each.value < least.value)) least = each;
  return least;
}
