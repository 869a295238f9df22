import { cloneJson } from "../../object/json-value.ts";
import type { Node, Pod, Service } from "../../schema/data/types/core-v1.ts";
import type { RecordedBody } from "./recorded-answers.ts";

/** A finalizer keeps those that are in use. */
const protectedKinds = new Set(["PersistentVolume", "PersistentVolumeClaim", "VolumeAttributesClass"]);

/** A recorded object without what other parts of the server add to it: admission plugins, allocators and field managers. */
export function withoutAdmission(recorded: RecordedBody): unknown {
  const body = cloneJson(recorded) as Record<string, unknown> & { metadata: Record<string, unknown> };
  delete body.metadata["managedFields"];
  if (protectedKinds.has(String(body.kind))) delete body.metadata["finalizers"];
  if (body.kind === "Pod") withoutPodAdmission(body as unknown as Pod);
  if (body.kind === "Service") withoutAllocations(body as unknown as Service);
  if (body.kind === "Node") delete (body as unknown as Node).spec.taints;
  return body;
}

function withoutPodAdmission({ spec }: Pod): void {
  const isToken = ({ name }: { name: string }): boolean => name.startsWith("kube-api-access-");
  if (spec.volumes) spec.volumes = spec.volumes.filter((volume) => !isToken(volume));
  if (spec.volumes?.length === 0) delete spec.volumes;
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    if (container.volumeMounts) container.volumeMounts = container.volumeMounts.filter((mount) => !isToken(mount));
    if (container.volumeMounts?.length === 0) delete container.volumeMounts;
  }
  if (spec.serviceAccountName === "default") {
    delete spec.serviceAccountName;
    delete spec.serviceAccount;
  }
  delete spec.tolerations;
  delete spec.priority;
  delete spec.preemptionPolicy;
}

function withoutAllocations({ spec }: Service): void {
  for (const port of spec.ports ?? []) delete port.nodePort;
  delete spec.clusterIP;
  delete spec.clusterIPs;
  delete spec.ipFamilies;
  delete spec.ipFamilyPolicy;
  delete spec.healthCheckNodePort;
}
