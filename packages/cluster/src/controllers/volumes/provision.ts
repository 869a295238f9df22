import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { done, messageOf, resources, unless } from "../../loop/index.ts";
import type { Outcome } from "../../loop/index.ts";
import { classOf, provisionedBy, selectedNode } from "./claim-object.ts";
import type { StorageClass, VolumeClaim } from "./claim-object.ts";
import type { VolumeParts } from "./volume-parts.ts";

export const folderProvisioner = "fairway.dev/folder";
const provisionerAnnotations = [
  "volume.beta.kubernetes.io/storage-provisioner",
  "volume.kubernetes.io/storage-provisioner",
];

/** Makes a volume for a claim, or says who is to. */
export async function provision(
  parts: VolumeParts,
  claim: VolumeClaim,
  storageClass: StorageClass | undefined,
): Promise<Outcome> {
  const { context, events } = parts;
  const { volumesFolder } = context.options;
  if (storageClass === undefined) {
    const name = classOf(claim);
    events.warning(claim, "ProvisioningFailed", `storageclass.storage.k8s.io "${name}" not found`);
    return { kind: "waiting", reason: `there is no class ${name}` };
  }
  const { provisioner } = storageClass;
  if (provisioner === "kubernetes.io/no-provisioner") {
    events.normal(claim, "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
    return { kind: "waiting", reason: "nobody makes volumes of this class" };
  }
  if (isTold(claim, provisioner)) {
    if (provisioner === folderProvisioner && volumesFolder !== undefined) {
      return makeFolder(parts, claim, { storageClass, volumesFolder });
    }
  } else {
    const told = Object.fromEntries(provisionerAnnotations.map((name) => [name, provisioner]));
    const metadata = { ...claim.metadata, annotations: { ...claim.metadata.annotations, ...told } };
    // The change brings the claim back.
    await context.api.update<VolumeClaim>(resources.persistentVolumeClaims, { ...claim, metadata });
    return done;
  }
  events.normal(
    claim,
    "ExternalProvisioning",
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system ` +
      "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
  );
  return { kind: "waiting", reason: `${provisioner} is to make a volume` };
}

function isTold({ metadata }: VolumeClaim, provisioner: string): boolean {
  return provisionerAnnotations.every((name) => metadata.annotations?.[name] === provisioner);
}

interface Place {
  readonly storageClass: StorageClass;
  readonly volumesFolder: string;
}

async function makeFolder(
  { context, events }: VolumeParts,
  claim: VolumeClaim,
  { storageClass, volumesFolder }: Place,
): Promise<Outcome> {
  const { uid = "", namespace = "", name: claimName = "" } = claim.metadata;
  const name = `pvc-${uid}`;
  const path = join(volumesFolder, `${name}_${namespace}_${claimName}`);
  const node = claim.metadata.annotations?.[selectedNode];
  try {
    // Whoever the containers run as writes into it.
    await mkdir(path, { recursive: true, mode: 0o777 });
    const made = context.api.create(resources.persistentVolumes, {
      metadata: { name, annotations: { [provisionedBy]: folderProvisioner } },
      spec: {
        capacity: { storage: claim.spec.resources?.requests?.["storage"] ?? "0" },
        accessModes: claim.spec.accessModes ?? [],
        storageClassName: storageClass.metadata.name ?? "",
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
        volumeMode: claim.spec.volumeMode ?? "Filesystem",
        claimRef: { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name: claimName, uid },
        hostPath: { path, type: "DirectoryOrCreate" },
        ...(node === undefined ? {} : { nodeAffinity: onlyOn(node) }),
      },
    });
    if ((await unless(["already-exists"], made)) === undefined) return done;
  } catch (error) {
    const words = `failed to provision volume with StorageClass "${storageClass.metadata.name ?? ""}": ${messageOf(error)}`;
    events.warning(claim, "ProvisioningFailed", words);
    return { kind: "failed", error };
  }
  events.normal(claim, "ProvisioningSucceeded", `Successfully provisioned volume ${name} using ${folderProvisioner}`);
  return done;
}

function onlyOn(node: string) {
  const matchExpressions = [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }];
  return { required: { nodeSelectorTerms: [{ matchExpressions }] } };
}
