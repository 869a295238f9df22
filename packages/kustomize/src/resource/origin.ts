import { decode, encode } from "@fairway/yaml";
import { KustomizeError } from "../kustomize-error.ts";
import { joinPath } from "../loader/posix-path.ts";
import { originAnnotation, transformationsAnnotation } from "./build-annotations.ts";
import type { Resource } from "./resource.ts";

/** Where an object came from, or what changed it, for the annotations of `buildMetadata`. */
export interface Origin {
  path?: string;
  repo?: string;
  ref?: string;
  configuredIn?: string;
  configuredBy?: { apiVersion?: string; kind?: string; name?: string; namespace?: string };
}

const order = ["path", "repo", "ref", "configuredIn", "configuredBy"] as const;

function ordered(origin: Origin): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of order) {
    const value = origin[key];
    if (value === undefined || value === "") continue;
    result[key] = typeof value === "string" ? value : orderedIdentifier(value);
  }
  return result;
}

function orderedIdentifier(identifier: NonNullable<Origin["configuredBy"]>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const key of ["apiVersion", "kind", "name", "namespace"] as const) {
    const value = identifier[key];
    if (value !== undefined && value !== "") result[key] = value;
  }
  return result;
}

const layout = { flavour: "go-yaml-v3", sequences: "compact", keyOrder: "kept" } as const;

export function originText(origin: Origin): string {
  return encode(ordered(origin), layout);
}

/** The origin one step further down. */
export function appendOrigin(origin: Origin, path: string): Origin {
  return { ...origin, path: joinPath(origin.path ?? "", path) };
}

/** The origin as what configured something, such as a generator of a kustomization file. */
export function configuredOrigin(origin: Origin, file: string, kind: string): Origin {
  return {
    ...(origin.repo === undefined ? {} : { repo: origin.repo }),
    ...(origin.ref === undefined ? {} : { ref: origin.ref }),
    configuredIn: joinPath(origin.path ?? "", file),
    configuredBy: { apiVersion: "builtin", kind },
  };
}

/** The origin of what a plugin object makes or changes. */
export function pluginOrigin(resource: Resource): Origin | undefined {
  const origin = originOf(resource);
  if (origin === undefined) return undefined;
  return {
    ...(origin.repo === undefined ? {} : { repo: origin.repo }),
    ...(origin.ref === undefined ? {} : { ref: origin.ref }),
    ...(origin.path === undefined ? {} : { configuredIn: origin.path }),
    configuredBy: {
      apiVersion: resource.apiVersion,
      kind: resource.kind,
      name: resource.name,
      namespace: resource.namespace,
    },
  };
}

export function originOf(resource: Resource): Origin | undefined {
  const text = resource.annotations.get(originAnnotation);
  if (text === undefined) return undefined;
  const value = decode(text);
  if (value !== null && (typeof value !== "object" || Array.isArray(value))) {
    throw new KustomizeError("transform", `the annotation ${originAnnotation} is not an origin: ${text}`);
  }
  return { ...value };
}

export function setOrigin(resource: Resource, origin: Origin): void {
  resource.annotate(originAnnotation, originText(origin));
}

export function addTransformation(resource: Resource, origin: Origin): void {
  if (originOf(resource) === undefined) {
    setOrigin(resource, origin);
    return;
  }
  const text = resource.annotations.get(transformationsAnnotation);
  const before = text === undefined ? [] : decode(text);
  const list: Origin[] = Array.isArray(before) ? before : [];
  resource.annotate(transformationsAnnotation, encode([...list, origin].map(ordered), layout));
}

export function removeAnnotation(resource: Resource, key: string): void {
  const { annotations } = resource;
  annotations.delete(key);
  resource.annotations = annotations;
}
