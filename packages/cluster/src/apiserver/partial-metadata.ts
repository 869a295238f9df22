import type { KubeObject } from "../object/kube-object.ts";
import type { Form } from "./negotiate.ts";

/** The metadata of an object alone, for clients that need no more. */
export function partialObject(object: KubeObject, { version }: Form): Readonly<Record<string, unknown>> {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata: ownMetadata(object) };
}

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** A field of the daemon sets of earlier versions is an annotation of today's whole objects, and no part of the metadata. */
function ownMetadata({ kind, metadata }: KubeObject): KubeObject["metadata"] {
  if (kind !== "DaemonSet" || metadata.annotations?.[TEMPLATE_GENERATION] === undefined) return metadata;
  const { annotations, ...rest } = metadata;
  const { [TEMPLATE_GENERATION]: _, ...others } = annotations;
  return Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
}
