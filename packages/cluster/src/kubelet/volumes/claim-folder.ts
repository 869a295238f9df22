import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { KubeClient } from "@fairway/kube-client";
import { KubeletError } from "../kubelet-error.ts";
import type { Pod } from "../pods/pod.ts";

interface Claim {
  readonly metadata: {
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  readonly spec: { readonly volumeName?: string };
  readonly status?: { readonly phase?: string };
}

interface PersistentVolume {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly hostPath?: { readonly path: string };
    readonly local?: { readonly path: string };
    readonly csi?: { readonly driver: string };
  };
}

/** Keeps a claim as long as pods use it. */
const protection = "kubernetes.io/pvc-protection";

/** The folder behind a claim: the volume it is bound to has to be one of this machine's folders. */
export async function findClaimFolder(
  name: string,
  pod: Pod,
  options: { readonly client: KubeClient; readonly claimsFolder: string },
): Promise<string> {
  const { namespace } = pod.metadata;
  const answer = await options.client.request({
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`,
  });
  if (answer.status === 404)
    throw unusable(`failed to fetch PVC from API server: persistentvolumeclaims ${JSON.stringify(name)} not found`);
  // Both kinds are decoded and validated by the API server.
  const claim = answer.body as Claim;
  const volumeName = claim.spec.volumeName ?? "";
  const { deletionTimestamp, finalizers = [] } = claim.metadata;
  if (deletionTimestamp !== undefined && !finalizers.includes(protection)) throw unusable("PVC is being deleted");
  if (claim.status?.phase !== "Bound") throw unusable("PVC is not bound");
  if (volumeName === "") throw unusable("PVC has empty pvc.Spec.VolumeName");
  const found = await options.client.request({ method: "GET", path: `/api/v1/persistentvolumes/${volumeName}` });
  if (found.status !== 200) {
    const why = `persistentvolumes ${JSON.stringify(volumeName)} not found`;
    throw unusable(`failed to fetch PV ${volumeName} from API server: ${why}`);
  }
  const volume = found.body as PersistentVolume;
  const path = volume.spec.hostPath?.path ?? volume.spec.local?.path;
  if (path === undefined && volume.spec.csi !== undefined) {
    throw new KubeletError(
      "volume-failed",
      `the driver ${volume.spec.csi.driver} of the volume ${volumeName} is not on this node`,
    );
  }
  const folder = path ?? join(options.claimsFolder, claim.metadata.uid);
  mkdirSync(folder, { recursive: true, mode: 0o777 });
  return folder;
}

function unusable(why: string): KubeletError {
  return new KubeletError("claim-unusable", why);
}
