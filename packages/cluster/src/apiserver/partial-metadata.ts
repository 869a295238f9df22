import type { KubeObject } from "../object/kube-object.ts";
import type { Form } from "./negotiate.ts";

/** The metadata of an object alone, for clients that need no more. */
export function partialObject({ metadata }: KubeObject, { version }: Form): Readonly<Record<string, unknown>> {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata };
}
