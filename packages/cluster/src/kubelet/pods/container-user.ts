import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KubeletError } from "../kubelet-error.ts";
import { resolveInRoot } from "../images/root-path.ts";
import type { UnpackedImage } from "../images/image-store.ts";
import type { ContainerUser } from "../runtime/runtime.ts";
import type { Container, Pod } from "./pod.ts";

/** As whom a container runs: the container's wish, then the pod's, then the image's. */
export function containerUser(pod: Pod, container: Container, image: UnpackedImage): ContainerUser {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const fromImage = imageUser(image);
  const uid = own.runAsUser ?? shared.runAsUser ?? fromImage.uid;
  const wished = own.runAsUser ?? shared.runAsUser;
  const gid =
    own.runAsGroup ?? shared.runAsGroup ?? (wished === undefined ? fromImage.gid : groupOfUser(image, wished));
  const group = shared.fsGroup === undefined ? [] : [shared.fsGroup];
  const groups = [...group, ...(shared.supplementalGroups ?? []), ...groupsOfUser(image, uid)];
  checkNonRoot(pod, container, { uid, name: fromImage.name, isFromImage: wished === undefined });
  return { uid: uid ?? 0, gid, groups: [...new Set(groups)] };
}

interface UserCheck {
  readonly uid: number | undefined;
  readonly name: string;
  readonly isFromImage: boolean;
}

function checkNonRoot(pod: Pod, container: Container, { uid, name, isFromImage }: UserCheck): void {
  const wanted = container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot;
  if (wanted !== true) return;
  const { namespace, uid: podUid } = pod.metadata;
  const where = `(pod: "${pod.metadata.name}_${namespace}(${podUid})", container: ${container.name})`;
  if (isFromImage && name !== "" && !/^\d+$/u.test(name)) {
    throw new KubeletError(
      "config-missing",
      `container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root ${where}`,
    );
  }
  if (uid !== undefined && uid !== 0) return;
  const who = isFromImage ? "image will run as root" : "runAsUser breaks non-root policy";
  const text = isFromImage ? `container has runAsNonRoot and ${who}` : `container's ${who}`;
  throw new KubeletError("config-missing", `${text} ${where}`);
}

function imageUser(image: UnpackedImage): { uid: number | undefined; gid: number; name: string } {
  const [name = "", group = ""] = image.config.user.split(":");
  if (name === "") return { uid: 0, gid: 0, name: "" };
  const found = /^\d+$/u.test(name)
    ? { uid: Number(name), gid: groupOfUser(image, Number(name)) }
    : lines(image, "etc/passwd").find((fields) => fields[0] === name);
  const uid = Array.isArray(found) ? Number(found[2]) : found?.uid;
  if (uid === undefined)
    throw new KubeletError("start-failed", `unable to find user ${name}: no matching entries in passwd file`);
  const ownGroup = Array.isArray(found) ? Number(found[3]) : (found?.gid ?? 0);
  return { uid, gid: group === "" ? ownGroup : groupNumber(image, group), name };
}

function groupNumber(image: UnpackedImage, group: string): number {
  if (/^\d+$/u.test(group)) return Number(group);
  const found = lines(image, "etc/group").find((fields) => fields[0] === group);
  if (found === undefined)
    throw new KubeletError("start-failed", `unable to find group ${group}: no matching entries in group file`);
  return Number(found[2]);
}

function groupOfUser(image: UnpackedImage, uid: number): number {
  const found = lines(image, "etc/passwd").find((fields) => fields[2] === String(uid));
  return found === undefined ? 0 : Number(found[3]);
}

function groupsOfUser(image: UnpackedImage, uid: number | undefined): number[] {
  const name = lines(image, "etc/passwd").find((fields) => fields[2] === String(uid ?? 0))?.[0];
  if (name === undefined) return [];
  return lines(image, "etc/group")
    .filter((fields) => (fields[3] ?? "").split(",").includes(name))
    .map((fields) => Number(fields[2]));
}

function lines(image: UnpackedImage, path: string): string[][] {
  const place = resolveInRoot(image.root, join(image.root, path));
  if (place === undefined || !existsSync(place)) return [];
  return readFileSync(place, "utf8")
    .split("\n")
    .map((line) => line.split(":"));
}
