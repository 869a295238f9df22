import { equalJson } from "../../object/json-value.ts";
import type { AppArmorProfile, Pod } from "../../schema/data/types/core-v1.ts";
import { allContainers } from "./defaults.ts";

const PREFIX = "container.apparmor.security.beta.kubernetes.io/";
const LOCAL = "localhost/";

/** Once a field has the profile, nobody sees any more that it came from an annotation. */
const warned = new WeakMap<Pod, readonly string[]>();

/** Profiles that stand in annotations, as they did before there was a field, go into the field. */
export function takeAppArmorAnnotations(pod: Pod): void {
  const { spec, metadata } = pod;
  if (spec.os?.name === "windows" || !Object.keys(metadata.annotations ?? {}).some(isOfAppArmor)) return;
  const keys = allContainers(spec).flatMap((container) => {
    const key = `${PREFIX}${container.name}`;
    const annotation = metadata.annotations?.[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile) return [];
    const profile = profileOf(annotation);
    if (profile && equalJson(profile, spec.securityContext?.appArmorProfile)) return [];
    if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    return [key];
  });
  if (keys.length === 0) return;
  warned.set(
    pod,
    keys.map((key) => `metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`),
  );
}

export function appArmorWarnings(pod: Pod): readonly string[] {
  return warned.get(pod) ?? [];
}

function isOfAppArmor(key: string): boolean {
  return key.startsWith(PREFIX);
}

function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const localhostProfile = annotation.startsWith(LOCAL) ? annotation.slice(LOCAL.length).trim() : "";
  return localhostProfile === "" ? undefined : { type: "Localhost", localhostProfile };
}
