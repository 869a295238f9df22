import { setOwn } from "../../object/json-value.ts";
import { sumQuantities } from "../../object/quantity.ts";
import type {
  Container,
  EphemeralContainer,
  HTTPGetAction,
  LifecycleHandler,
  ObjectFieldSelector,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceRequirements,
  Volume,
} from "../../schema/data/types/core-v1.ts";
import { isMovingTag } from "./image-tag.ts";

const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3600;

/** What a pod's author left out, in a pod and in every template of one. */
export function setPodSpecDefaults(spec: PodSpec): void {
  spec.dnsPolicy ??= "ClusterFirst";
  spec.restartPolicy ??= "Always";
  if (spec.hostNetwork) setHostPorts([...(spec.containers ?? []), ...(spec.initContainers ?? [])]);
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ??= "default-scheduler";
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume);
  for (const container of spec.initContainers ?? []) setContainerDefaults(container);
  for (const container of spec.containers ?? []) setContainerDefaults(container);
  for (const container of spec.ephemeralContainers ?? []) setContainerDefaults(container);
  shareServiceAccount(spec);
}

export function setTemplateDefaults(template: PodTemplateSpec | undefined | null): void {
  if (template) setPodSpecDefaults(template.spec);
}

/** What is only completed in a pod itself. */
export function setPodDefaults(spec: PodSpec): void {
  for (const container of spec.containers ?? []) requestLimits(container.resources);
  for (const container of spec.initContainers ?? []) requestLimits(container.resources);
  setPodLevelDefaults(spec);
  spec.enableServiceLinks ??= true;
}

/** What may be taken at most and isn't asked for is asked for. */
function requestLimits(resources: ResourceRequirements): void {
  const { limits } = resources;
  if (!limits) return;
  const requests = (resources.requests ??= {});
  for (const name of Object.keys(limits)) if (!Object.hasOwn(requests, name)) setOwn(requests, name, limits[name]);
}

export function allContainers(spec: PodSpec): (Container | EphemeralContainer)[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** Two names of one field, of which the older is still written. */
function shareServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName ?? spec.serviceAccount;
  if (name === undefined) return;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}

function setHostPorts(containers: readonly Container[]): void {
  for (const { ports } of containers) for (const port of ports ?? []) port.hostPort ??= port.containerPort;
}

function setContainerDefaults(container: Container | EphemeralContainer): void {
  for (const port of container.ports ?? []) port.protocol ??= "TCP";
  for (const { valueFrom } of container.env ?? []) if (valueFrom?.fieldRef) setFieldDefaults(valueFrom.fieldRef);
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  if (livenessProbe) setProbeDefaults(livenessProbe);
  if (readinessProbe) setProbeDefaults(readinessProbe);
  if (startupProbe) setProbeDefaults(startupProbe);
  if (lifecycle?.postStart) setHandlerDefaults(lifecycle.postStart);
  if (lifecycle?.preStop) setHandlerDefaults(lifecycle.preStop);
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  container.imagePullPolicy ??= isMovingTag(container.image ?? "") ? "Always" : "IfNotPresent";
}

function setProbeDefaults(probe: Probe): void {
  setHandlerDefaults(probe);
  if (probe.grpc) probe.grpc.service ??= "";
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
}

function setHandlerDefaults({ httpGet }: LifecycleHandler | { httpGet?: HTTPGetAction }): void {
  if (!httpGet) return;
  httpGet.path ??= "/";
  httpGet.scheme ??= "HTTP";
}

function setFieldDefaults(selector: ObjectFieldSelector): void {
  selector.apiVersion ??= "v1";
}

function setVolumeDefaults(volume: Volume): void {
  if (!Object.keys(volume).some((key) => key !== "name")) volume.emptyDir = {};
  if (volume.image) volume.image.pullPolicy ??= isMovingTag(volume.image.reference ?? "") ? "Always" : "IfNotPresent";
  if (volume.configMap) volume.configMap.defaultMode ??= FILE_MODE;
  if (volume.secret) volume.secret.defaultMode ??= FILE_MODE;
  if (volume.hostPath) volume.hostPath.type ??= "";
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= FILE_MODE;
    for (const { fieldRef } of volume.downwardAPI.items ?? []) if (fieldRef) setFieldDefaults(fieldRef);
  }
  if (volume.projected) {
    volume.projected.defaultMode ??= FILE_MODE;
    for (const { serviceAccountToken, downwardAPI } of volume.projected.sources ?? []) {
      if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= TOKEN_SECONDS;
      for (const { fieldRef } of downwardAPI?.items ?? []) if (fieldRef) setFieldDefaults(fieldRef);
    }
  }
  if (volume.ephemeral?.volumeClaimTemplate) volume.ephemeral.volumeClaimTemplate.spec.volumeMode ??= "Filesystem";
  setDeviceDefaults(volume);
}

/** Drivers that hardly anybody has, but whose fields are completed all the same. */
function setDeviceDefaults({ iscsi, rbd, azureDisk, scaleIO }: Volume): void {
  if (iscsi) iscsi.iscsiInterface ??= "default";
  if (rbd) {
    rbd.pool ??= "rbd";
    rbd.user ??= "admin";
    rbd.keyring ??= "/etc/ceph/keyring";
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.kind ??= "Shared";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
  }
  if (scaleIO) {
    scaleIO.storageMode ??= "ThinProvisioned";
    scaleIO.fsType ??= "xfs";
  }
}

const podLevelResources = /^(?:cpu|memory|hugepages-.+)$/;

function setPodLevelDefaults(spec: PodSpec): void {
  const { resources } = spec;
  if (!resources?.limits || Object.keys(resources.limits).length === 0) return;
  const requests: Record<string, string> = { ...resources.requests };
  for (const [name, limit] of Object.entries(resources.limits)) {
    if (Object.hasOwn(requests, name) || !podLevelResources.test(name)) continue;
    const asked = (spec.containers ?? []).map((container) => container.resources.requests?.[name]);
    const given = asked.filter((each) => each !== undefined);
    requests[name] = given.length > 0 && !name.startsWith("hugepages-") ? sumQuantities(given) : limit;
  }
  if (Object.keys(requests).length > 0) resources.requests = requests;
}
