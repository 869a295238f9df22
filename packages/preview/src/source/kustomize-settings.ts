import { decode, encode } from "@fairway/yaml";
import { PreviewError } from "../errors.ts";
import { isObject, listAt, textAt, textMapAt, type JsonObject, type JsonValue } from "../json-value.ts";
import { substitute } from "./build-environment.ts";

/**
 * What Argo CD does to the kustomization before it builds it: the settings of the Application are edited in, as
 * `kustomize edit` would.
 */
export function kustomizationWith(
  text: string,
  settings: JsonObject,
  environment: Readonly<Record<string, string>>,
): string {
  const decoded = decode(text);
  const edited: Record<string, JsonValue> = isObject(decoded) ? { ...decoded } : {};
  for (const name of ["namePrefix", "nameSuffix", "namespace"] as const) {
    const value = textAt(settings, name);
    if (value !== undefined && value !== "") edited[name] = value;
  }
  addLabels(edited, settings);
  addAnnotations(edited, settings, environment);
  addImages(edited, listAt(settings, "images"), environment);
  addByName(edited, "replicas", listAt(settings, "replicas"));
  for (const name of ["patches", "components"] as const) {
    const added = listAt(settings, name);
    if (added.length > 0) edited[name] = [...listAt(edited, name), ...added];
  }
  return encode(edited);
}

type Kustomization = Record<string, JsonValue>;

function addLabels(edited: Kustomization, settings: JsonObject): void {
  const labels = textMapAt(settings, "commonLabels");
  if (Object.keys(labels).length === 0) return;
  if (settings["labelWithoutSelector"] === true) {
    const includeTemplates = settings["labelIncludeTemplates"] === true ? { includeTemplates: true } : {};
    edited["labels"] = [...listAt(edited, "labels"), { pairs: labels, ...includeTemplates }];
    return;
  }
  edited["commonLabels"] = mergedMap(edited["commonLabels"], labels, settings["forceCommonLabels"] === true);
}

function addAnnotations(
  edited: Kustomization,
  settings: JsonObject,
  environment: Readonly<Record<string, string>>,
): void {
  const given = Object.entries(textMapAt(settings, "commonAnnotations"));
  if (given.length === 0) return;
  const fill = settings["commonAnnotationsEnvsubst"] === true;
  const annotations = Object.fromEntries(
    given.map(([key, value]) => [key, fill ? substitute(value, environment) : value]),
  );
  edited["commonAnnotations"] = mergedMap(
    edited["commonAnnotations"],
    annotations,
    settings["forceCommonAnnotations"] === true,
  );
}

function mergedMap(
  known: JsonValue | undefined,
  added: Readonly<Record<string, string>>,
  isForced: boolean,
): JsonObject {
  const present = isObject(known) ? known : {};
  const clash = Object.keys(added).find((key) => Object.hasOwn(present, key));
  if (clash !== undefined && !isForced) {
    throw new PreviewError(
      "invalid-application",
      `"${clash}" is in the kustomization already; use the force option to override it`,
    );
  }
  return { ...present, ...added };
}

/** `name=new/name:tag`, `name:tag`, `name@digest`. */
function addImages(
  edited: Kustomization,
  images: readonly JsonValue[],
  environment: Readonly<Record<string, string>>,
): void {
  const parsed = images.flatMap((image) =>
    typeof image === "string" ? [parseImage(substitute(image, environment))] : [],
  );
  addByName(edited, "images", parsed);
}

function parseImage(image: string): JsonObject {
  const equals = image.indexOf("=");
  const target = image.slice(equals + 1);
  const [path = "", digest] = target.split("@");
  const colon = path.lastIndexOf(":");
  const hasTag = colon > path.lastIndexOf("/");
  const name = hasTag ? path.slice(0, colon) : path;
  return {
    name: equals === -1 ? name : image.slice(0, equals),
    ...(equals !== -1 && { newName: name }),
    ...(hasTag && { newTag: path.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  };
}

/** An entry replaces the one of the same name. */
function addByName(edited: Kustomization, field: string, added: readonly JsonValue[]): void {
  if (added.length === 0) return;
  const names = new Set(added.map((each) => textAt(each, "name")));
  edited[field] = [...listAt(edited, field).filter((each) => !names.has(textAt(each, "name"))), ...added];
}
