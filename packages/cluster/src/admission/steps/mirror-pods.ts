import { containersOf, type Container, type PodObject, type PodSpec } from "../pod-shape.ts";

const annotation = "kubernetes.io/config.mirror";

/** Why a node may not make this pod: it only shows what it runs by itself, and such pods speak to nobody. */
export function refuseMirrorPod(
  { metadata, spec }: PodObject,
  node: string,
  nodeUid: string | undefined,
): string | undefined {
  const quoted = JSON.stringify(node);
  if (!Object.hasOwn(metadata.annotations ?? {}, annotation))
    return `pod does not have ${JSON.stringify(annotation)} annotation, node ${quoted} can only create mirror pods`;
  if (spec.nodeName !== node) return `node ${quoted} can only create pods with spec.nodeName set to itself`;
  const [owner, ...others] = metadata.ownerReferences ?? [];
  if (others.length > 0) return `node ${quoted} can only create pods with a single owner reference set to itself`;
  if (!owner || owner.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== node)
    return `node ${quoted} can only create pods with an owner reference set to itself`;
  if (owner.controller !== true)
    return `node ${quoted} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion === true) return `node ${quoted} must not set blockOwnerDeletion on an owner reference`;
  if (owner.uid !== nodeUid) return `node ${node} UID mismatch: expected ${owner.uid} got ${nodeUid ?? ""}`;
  const referenced = referenceIn(spec);
  return referenced === undefined ? undefined : `node ${quoted} can not create pods that reference ${referenced}`;
}

function referenceIn(spec: PodSpec): string | undefined {
  if (spec.serviceAccountName) return "serviceaccounts";
  const containers = [...containersOf(spec), ...(spec.ephemeralContainers ?? [])];
  if (spec.imagePullSecrets?.length || containers.some(hasSecret)) return "secrets";
  const volumes = spec.volumes ?? [];
  const byVolume: Readonly<Record<string, string>> = {
    configMap: "configmaps (via configmap volumes)",
    secret: "secrets (via secret volumes)",
    csi: "csidrivers (via CSI volumes)",
    persistentVolumeClaim: "persistentvolumeclaims",
    ephemeral: "persistentvolumeclaims (via ephemeral volumes)",
  };
  for (const volume of volumes) {
    const source = Object.keys(byVolume).find((name) => volume[name] !== undefined);
    if (source !== undefined) return byVolume[source];
    for (const projected of volume.projected?.sources ?? []) {
      if ("configMap" in projected) return "configmaps (via projected volumes)";
      if ("secret" in projected) return "secrets (via projected volumes)";
      if ("serviceAccountToken" in projected) return "serviceaccounts (via projected volumes)";
    }
  }
  return undefined;
}

function hasSecret({ env = [], envFrom = [] }: Container): boolean {
  return env.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom.some(({ secretRef }) => secretRef);
}
