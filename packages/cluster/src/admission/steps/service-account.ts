import { generateName } from "../../apiserver/generated-name.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import { containersOf, type PodObject, type PodSpec } from "../pod-shape.ts";
import { isAbout, refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { refuseSecrets } from "./mountable-secrets.ts";

export interface ServiceAccount extends KubeObject {
  secrets?: readonly { readonly name?: string }[];
  imagePullSecrets?: readonly { readonly name?: string }[];
  automountServiceAccountToken?: boolean;
}

const volumePrefix = "kube-api-access-";
const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const mirrorAnnotation = "kubernetes.io/config.mirror";

/** Who a pod is when it speaks to the API server: its account, with the token mounted. */
export function serviceAccount(objects: StoredObjects): {
  readonly mutate: AdmissionStep;
  readonly validate: AdmissionStep;
} {
  const validate: AdmissionStep = (request) => validatePod(objects, request);
  return {
    validate,
    mutate: (request) => {
      if (request.operation !== "CREATE" || !isAbout(request, "pods") || !request.object) return;
      const pod = request.object as PodObject;
      if (isMirror(pod)) return validate(request);
      const { spec } = pod;
      spec.serviceAccountName ||= "default";
      spec.serviceAccount = spec.serviceAccountName;
      const account = accountOf(objects, request, spec.serviceAccountName);
      const isMounted = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
      if (isMounted) mountToken(spec);
      if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
        spec.imagePullSecrets = account.imagePullSecrets.map(({ name = "" }) => ({ name }));
      validate(request);
    },
  };
}

function isMirror(pod: PodObject): boolean {
  return Object.hasOwn(pod.metadata.annotations ?? {}, mirrorAnnotation);
}

function accountOf(objects: StoredObjects, request: AdmissionRequest, name: string): ServiceAccount {
  const { namespace } = request;
  const account = objects.get<ServiceAccount>("serviceaccounts", namespace, name);
  if (account) return account;
  const refusal = refused(
    request,
    `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
  );
  // Every namespace gets it, a moment after it was made.
  refusal.isPassing = name === "default";
  throw refusal;
}

function validatePod(objects: StoredObjects, request: AdmissionRequest): void {
  const { kind, subresource, operation, namespace } = request;
  if (kind.plural !== "pods" || kind.group !== "" || !request.object) return;
  const isDebugging = operation === "UPDATE" && subresource === "ephemeralcontainers";
  if (!isDebugging && (operation !== "CREATE" || subresource !== "")) return;
  const pod = request.object as PodObject;
  if (isMirror(pod)) return validateMirror(request, pod);
  const { serviceAccountName = "" } = pod.spec;
  if (serviceAccountName === "")
    throw refused(request, `no service account specified for pod ${namespace}/${pod.metadata.name ?? ""}`);
  const account = accountOf(objects, request, serviceAccountName);
  const isLimited = account.metadata.annotations?.["kubernetes.io/enforce-mountable-secrets"];
  if (isLimited === undefined || !["1", "t", "T", "TRUE", "true", "True"].includes(isLimited)) return;
  const why = refuseSecrets(account, pod.spec, isDebugging ? "ephemeral" : "all");
  if (why !== undefined) throw refused(request, why);
}

/** Of a pod that a node has by itself: it may speak to nobody. */
function validateMirror(request: AdmissionRequest, { spec }: PodObject): void {
  if (spec.serviceAccountName) throw refused(request, "a mirror pod may not reference service accounts");
  const containers = [...containersOf(spec), ...(spec.ephemeralContainers ?? [])];
  const hasSecrets =
    Boolean(spec.imagePullSecrets?.length) ||
    containers.some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom.some(({ secretRef }) => secretRef),
    ) ||
    (spec.volumes ?? []).some(({ secret }) => secret);
  if (hasSecrets) throw refused(request, "a mirror pod may not reference secrets");
  const hasToken = spec.volumes?.some(({ projected }) =>
    projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken),
  );
  if (hasToken) throw refused(request, "a mirror pod may not use ServiceAccountToken volume projections");
}

function mountToken(spec: PodSpec): void {
  const known = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix));
  const name = known?.name ?? generateName(volumePrefix);
  let isMounted = false;
  for (const list of [spec.initContainers, spec.containers])
    for (const container of list ?? []) {
      if (container.volumeMounts?.some((each) => each.mountPath === mountPath)) continue;
      container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
      isMounted = true;
    }
  if (isMounted && !known) spec.volumes = [...(spec.volumes ?? []), { name, projected: tokenVolume() }];
}

function tokenVolume(): { sources: { serviceAccountToken?: unknown }[]; defaultMode: number } {
  const sources = [
    // An hour and seven seconds: by the odd number it is known that nobody asked for it.
    { serviceAccountToken: { expirationSeconds: 3_607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    {
      downwardAPI: {
        items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
      },
    },
  ];
  return { sources, defaultMode: 0o644 };
}
