import { KubeletError, messageOf } from "../kubelet-error.ts";
import { parseImageReference } from "../images/image-reference.ts";
import type { ImageStore, UnpackedImage } from "../images/image-store.ts";
import type { RegistryAccess } from "../images/registry-client.ts";
import type { RecordedEvent } from "./event-recorder.ts";
import { startBlocked } from "./start-blocked.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { Pod } from "./pod.ts";
import type { PodServices } from "./pod-services.ts";

/** Gets a container's image as its pull policy says, with the events and waiting reasons of the kubelet. */
export async function ensureImage(
  slot: ContainerSlot,
  pod: Pod,
  { services, tell }: { services: PodServices; tell: (event: RecordedEvent) => void },
): Promise<UnpackedImage> {
  const { container } = slot;
  const warn = (reason: string, message: string): void => tell({ type: "Warning", reason, message });
  const policy = container.imagePullPolicy ?? "IfNotPresent";
  let present: UnpackedImage | undefined;
  try {
    present = policy === "Always" ? undefined : services.images.get(container.image);
  } catch (error) {
    const message = `Failed to apply default image tag ${JSON.stringify(container.image)}: ${messageOf(error)}`;
    warn("InspectFailed", message);
    warn("Failed", "Error: InvalidImageName");
    throw startBlocked("InvalidImageName", message);
  }
  if (present !== undefined) {
    const message = `Container image ${JSON.stringify(container.image)} already present on machine and can be accessed by the pod`;
    tell({ type: "Normal", reason: "Pulled", message });
    return present;
  }
  if (policy === "Never") {
    const message = `Container image ${JSON.stringify(container.image)} is not present with pull policy of Never`;
    warn("ErrImageNeverPull", message);
    warn("Failed", "Error: ErrImageNeverPull");
    throw startBlocked("ErrImageNeverPull", message);
  }
  return pull(slot, pod, { services, tell });
}

async function pull(
  slot: ContainerSlot,
  pod: Pod,
  { services, tell }: { services: PodServices; tell: (event: RecordedEvent) => void },
): Promise<UnpackedImage> {
  const { image } = slot.container;
  const quoted = JSON.stringify(image);
  const now = (): number => services.now().getTime();
  if (slot.pullFailedAt > 0 && slot.pullBackOff.left(slot.pullFailedAt, now()) > 0) {
    if (slot.waiting?.reason !== "ImagePullBackOff") {
      tell({ type: "Normal", reason: "BackOff", message: `Back-off pulling image ${quoted}` });
      tell({ type: "Warning", reason: "Failed", message: "Error: ImagePullBackOff" });
    }
    throw startBlocked("ImagePullBackOff", `Back-off pulling image ${quoted}: ErrImagePull: ${slot.pullFailure}`);
  }
  tell({ type: "Normal", reason: "Pulling", message: `Pulling image ${quoted}` });
  const began = performance.now();
  try {
    const pulled = await services.images.pull(image, await accessFor(image, pod, services));
    const took = formatTook(performance.now() - began);
    const message = `Successfully pulled image ${quoted} in ${took} (${took} including waiting). Image size: ${pulled.bytes} bytes.`;
    tell({ type: "Normal", reason: "Pulled", message });
    slot.pullFailedAt = 0;
    return pulled;
  } catch (error) {
    const code = error instanceof KubeletError ? error.code : undefined;
    slot.pullFailure = `${code === "image-not-found" ? "failed to pull and unpack image" : "failed to pull image"} ${quoted}: ${messageOf(error)}`;
    slot.pullFailedAt = now();
    slot.pullBackOff.next(slot.pullFailedAt, slot.pullFailedAt);
    tell({ type: "Warning", reason: "Failed", message: `Failed to pull image ${quoted}: ${slot.pullFailure}` });
    tell({ type: "Warning", reason: "Failed", message: "Error: ErrImagePull" });
    throw startBlocked("ErrImagePull", slot.pullFailure);
  }
}

/** As Go rounds and prints a duration: `1.234s`, `56ms`. */
function formatTook(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))}ms` : `${(Math.round(ms) / 1000).toString()}s`;
}

/** What is said of a pod whose pull secrets aren't all there; images may be had without them. */
export async function missingPullSecrets(pod: Pod, { config }: PodServices): Promise<RecordedEvent | undefined> {
  const missing: string[] = [];
  for (const { name = "" } of pod.spec.imagePullSecrets ?? [])
    if ((await config.secret(pod.metadata.namespace, name)) === undefined) missing.push(name);
  if (missing.length === 0) return undefined;
  const message = `Unable to retrieve some image pull secrets (${missing.join(", ")}); attempting to pull the image may not succeed.`;
  return { type: "Warning", reason: "FailedToRetrieveImagePullSecret", message };
}

/** The password for the image's registry, from the pod's pull secrets. */
async function accessFor(image: string, pod: Pod, services: PodServices): Promise<RegistryAccess | undefined> {
  const { registry } = parseImageReference(image);
  for (const { name = "" } of pod.spec.imagePullSecrets ?? []) {
    const secret = await services.config.secret(pod.metadata.namespace, name);
    const text = secret?.get(".dockerconfigjson")?.toString("utf8");
    const access = text === undefined ? undefined : findAccess(text, registry);
    if (access !== undefined) return access;
  }
  return undefined;
}

function findAccess(text: string, registry: string): RegistryAccess | undefined {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isRecord(config) || !isRecord(config["auths"])) return undefined;
  for (const [server, entry] of Object.entries(config["auths"])) {
    const host = server.replace(/^https?:\/\//u, "").replace(/\/.*$/u, "");
    const isHub = registry === "docker.io" && (host === "index.docker.io" || host === "registry-1.docker.io");
    if ((host !== registry && !isHub) || !isRecord(entry)) continue;
    const { username, password, auth } = entry;
    if (typeof username === "string" && typeof password === "string") return { username, password };
    if (typeof auth !== "string") continue;
    const [user = "", ...rest] = Buffer.from(auth, "base64").toString("utf8").split(":");
    return { username: user, password: rest.join(":") };
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Begins to get what will be needed anyway. */
export function prefetchImages({ spec }: Pod, images: Pick<ImageStore, "prefetch">): void {
  for (const { image, imagePullPolicy } of [...(spec.initContainers ?? []), ...spec.containers])
    if (imagePullPolicy !== "Never") images.prefetch(image);
}
