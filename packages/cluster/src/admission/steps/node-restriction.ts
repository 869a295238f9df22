import type { Attributes, Decision } from "../../access/attributes.ts";
import { notFound } from "../../apiserver/status.ts";
import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import type { PodObject } from "../pod-shape.ts";
import { refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { commonNameOf } from "./certificate-request.ts";
import { forbiddenLabels } from "./kubelet-labels.ts";
import { refuseMirrorPod } from "./mirror-pods.ts";

interface Around {
  readonly objects: StoredObjects;
  readonly authorize: (attributes: Attributes) => Decision;
}

type Rule = (around: Around, node: string, request: AdmissionRequest) => string | undefined;

/** A node changes itself and the pods that run on it, and nothing else, whatever its roles say. */
export function nodeRestriction(objects: StoredObjects, authorize: Around["authorize"]): AdmissionStep {
  return (request) => {
    const { user, kind } = request;
    if (!user.groups.includes("system:nodes") || !user.name.startsWith("system:node:")) return;
    const node = user.name.slice("system:node:".length);
    if (node === "") throw refused(request, `could not determine node from user ${JSON.stringify(user.name)}`);
    const rule = rules[kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`];
    const why = rule?.({ objects, authorize }, node, request);
    if (why !== undefined) throw refused(request, why);
  };
}

const rules: Readonly<Record<string, Rule>> = {
  pods: (around, node, request) => {
    switch (request.subresource) {
      case "":
        return refusePod(around, node, request);
      case "status":
        return refusePodStatus(node, request);
      case "eviction":
        return refuseEviction(around, node, request);
      default:
        return `unexpected pod subresource ${JSON.stringify(request.subresource)}, only 'status' and 'eviction' are allowed`;
    }
  },
  nodes: (_, node, request) => refuseNode(node, request),
  persistentvolumeclaims: (_, node, request) => refuseClaim(node, request),
  serviceaccounts: (around, node, request) => refuseToken(around, node, request),
  "leases.coordination.k8s.io": (_, node, request) => {
    if (request.namespace !== "kube-node-lease")
      return `can only access leases in the "kube-node-lease" system namespace`;
    return nameOf(request) === node
      ? undefined
      : "can only access node lease with the same name as the requesting node";
  },
  "csinodes.storage.k8s.io": (_, node, request) =>
    nameOf(request) === node ? undefined : "can only access CSINode with the same name as the requesting node",
  "resourceslices.resource.k8s.io": (_, node, { operation, object, old }) => {
    const slice = operation === "CREATE" ? object : operation === "DELETE" ? old : undefined;
    const own = (slice?.["spec"] as { nodeName?: string } | undefined)?.nodeName;
    return slice && own !== node
      ? `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`
      : undefined;
  },
  "certificatesigningrequests.certificates.k8s.io": (_, node, { operation, object }) => {
    const { signerName = "", request = "" } = (object?.["spec"] ?? {}) as { signerName?: string; request?: string };
    const isOfNodes = ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet"].includes(
      signerName,
    );
    if (operation !== "CREATE" || !isOfNodes || commonNameOf(request) === `system:node:${node}`) return undefined;
    return `can only create a node CSR with CN=system:node:${node}`;
  },
};

function nameOf({ name, object }: AdmissionRequest): string {
  return name || (object?.metadata.name ?? "");
}

function refusePod({ objects }: Around, node: string, request: AdmissionRequest): string | undefined {
  const { operation, object, old } = request;
  const quoted = JSON.stringify(node);
  switch (operation) {
    case "CREATE": {
      const owner = objects.get("nodes", "", node);
      return refuseMirrorPod(object as PodObject, node, owner?.metadata.uid);
    }
    case "DELETE":
      return (old as PodObject | undefined)?.spec.nodeName === node
        ? undefined
        : `node ${quoted} can only delete pods with spec.nodeName set to itself`;
    default:
      return `unexpected operation ${JSON.stringify(operation)}, node ${quoted} can only create and delete mirror pods`;
  }
}

function refusePodStatus(node: string, { operation, object, old }: AdmissionRequest): string | undefined {
  const quoted = JSON.stringify(node);
  if (operation !== "UPDATE") return `unexpected operation ${JSON.stringify(operation)}`;
  if ((old as PodObject | undefined)?.spec.nodeName !== node)
    return `node ${quoted} can only update pod status for pods with spec.nodeName set to itself`;
  if (!equalJson(object?.metadata.labels ?? {}, old?.metadata.labels ?? {}))
    return `node ${quoted} cannot update labels through pod status`;
  const claims = (pod: KubeObject | undefined): unknown =>
    (pod?.["status"] as { resourceClaimStatuses?: unknown } | undefined)?.resourceClaimStatuses ?? [];
  return equalJson(claims(object), claims(old)) ? undefined : `node ${quoted} cannot update resource claim statues`;
}

function refuseEviction({ objects }: Around, node: string, request: AdmissionRequest): string | undefined {
  const { operation, namespace } = request;
  if (operation !== "CREATE") return `unexpected operation ${operation}`;
  const name = nameOf(request);
  const [pod] = objects.read<PodObject>("pods", namespace, name);
  if (!pod) throw notFound({ group: "", plural: "pods" }, name);
  return pod.spec.nodeName === node ? undefined : `node ${node} can only evict pods with spec.nodeName set to itself`;
}

interface Node extends KubeObject {
  spec?: { readonly configSource?: unknown; readonly taints?: unknown };
}

function refuseNode(node: string, request: AdmissionRequest): string | undefined {
  const { operation, object, old } = request;
  const quoted = JSON.stringify(node);
  const name = nameOf(request);
  if (name !== node) return `node ${quoted} is not allowed to modify node ${JSON.stringify(name)}`;
  const { spec, metadata } = (object ?? { metadata: {} }) as Node;
  if (operation === "CREATE") {
    if (spec?.configSource) return `node ${quoted} is not allowed to create pods with a non-nil configSource`;
    const labels = forbiddenLabels(metadata.labels, undefined);
    return labels.length === 0
      ? undefined
      : `node ${quoted} is not allowed to set the following labels: ${labels.join(", ")}`;
  }
  if (operation !== "UPDATE") return undefined;
  const before = (old ?? { metadata: {} }) as Node;
  if (spec?.configSource && !equalJson(spec.configSource, before.spec?.configSource))
    return `node ${quoted} is not allowed to update configSource to a new non-nil configSource`;
  if (!equalJson(spec?.taints ?? [], before.spec?.taints ?? []))
    return `node ${quoted} is not allowed to modify taints`;
  if (!equalJson(metadata.ownerReferences ?? [], before.metadata.ownerReferences ?? []))
    return `node ${quoted} is not allowed to modify ownerReferences`;
  const labels = forbiddenLabels(metadata.labels, before.metadata.labels);
  return labels.length === 0 ? undefined : `is not allowed to modify labels: ${labels.join(", ")}`;
}

function refuseClaim(node: string, { subresource, operation, object, old }: AdmissionRequest): string | undefined {
  if (subresource !== "status") return "may only update PVC status";
  if (operation !== "UPDATE") return `unexpected operation ${JSON.stringify(operation)}`;
  return equalJson(withoutSize(object), withoutSize(old))
    ? undefined
    : `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`;
}

function withoutSize(claim: KubeObject | undefined): unknown {
  if (!claim) return undefined;
  const { managedFields: _, resourceVersion: __, ...metadata } = claim.metadata;
  const {
    capacity: ___,
    conditions: ____,
    allocatedResources: _____,
    allocatedResourceStatuses: ______,
    ...status
  } = (claim["status"] ?? {}) as Readonly<Record<string, unknown>>;
  return { ...claim, metadata, status };
}

interface TokenRequest extends KubeObject {
  spec: {
    readonly audiences?: readonly string[];
    readonly boundObjectRef?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly uid?: string;
    } | null;
  };
}

function refuseToken({ objects, authorize }: Around, node: string, request: AdmissionRequest): string | undefined {
  const { operation, subresource, object, namespace, user } = request;
  if (operation !== "CREATE" || subresource !== "token" || !object) return undefined;
  const { boundObjectRef: ref, audiences = [] } = (object as TokenRequest).spec;
  if (!ref || ref.apiVersion !== "v1" || ref.kind !== "Pod" || !ref.name)
    return "node requested token not bound to a pod";
  if (!ref.uid) return "node requested token with a pod binding without a uid";
  const [pod] = objects.read<PodObject>("pods", namespace, ref.name);
  if (!pod) throw notFound({ group: "", plural: "pods" }, ref.name);
  if (pod.metadata.uid !== ref.uid)
    return `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  if (pod.spec.nodeName !== node) return "node requested token bound to a pod scheduled on a different node";
  if (audiences.length > 1) return "node may only request 0 or 1 audiences";
  const [audience = ""] = audiences;
  if (audience === "" || isMounted(pod, audience)) return undefined;
  const may = {
    kind: "resource",
    user,
    verb: "request-serviceaccounts-token-audience",
    group: "",
    version: "v1",
    resource: audience,
    subresource: "",
    namespace,
    name: request.name,
  } as const;
  if (authorize(may).allowed) return undefined;
  return `audience ${JSON.stringify(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
}

function isMounted({ spec }: PodObject, audience: string): boolean {
  return (spec.volumes ?? []).some(({ projected }) =>
    projected?.sources?.some(
      ({ serviceAccountToken }) =>
        serviceAccountToken !== undefined &&
        ((serviceAccountToken as { audience?: string }).audience ?? "") === audience,
    ),
  );
}
