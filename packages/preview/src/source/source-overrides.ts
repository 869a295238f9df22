import type { Application, ApplicationSource } from "../argocd/application.ts";
import { isObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { readText } from "../snapshot.ts";
import { decodeManifests } from "./directory-source.ts";
import type { FolderSource } from "./resolved-source.ts";

/** `.argocd-source.yaml` beside the manifests changes the settings of a source: for all applications, then for the one it names. */
export function withOverrides(resolved: FolderSource, application: Application): FolderSource {
  let source: ApplicationSource = resolved.source;
  for (const name of [".argocd-source.yaml", `.argocd-source-${application.name}.yaml`]) {
    const path = resolved.folder === "" ? name : `${resolved.folder}/${name}`;
    const text = readText(resolved.snapshot, path);
    if (text === undefined) continue;
    const [overrides] = decodeManifests(text, path);
    if (isObject(overrides)) source = overridden(source, overrides);
  }
  return source === resolved.source ? resolved : { ...resolved, source };
}

function overridden(source: ApplicationSource, overrides: JsonObject): ApplicationSource {
  const changed = (name: "helm" | "kustomize" | "directory" | "plugin") => {
    const override = overrides[name];
    return isObject(override) ? { [name]: merged(source[name] ?? {}, override) } : {};
  };
  return { ...source, ...changed("helm"), ...changed("kustomize"), ...changed("directory"), ...changed("plugin") };
}

/** JSON merge patch (RFC 7386). */
function merged(target: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const known = result[key];
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? merged(isObject(known) ? known : {}, value) : value;
  }
  return result;
}
