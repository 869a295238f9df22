import { validateMetadata, validateMetadataUpdate } from "../kinds/index.ts";
import type { Kind } from "../kinds/kind.ts";
import { subdomainName } from "../kinds/validation/names.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { CustomResourceDefinition } from "../schema/data/types/apiextensions-v1.ts";
import { setCondition } from "./conditions.ts";
import { unknownFormats } from "./definition/unknown-formats.ts";
import { validateDefinition, validateDefinitionStatus } from "./definition/validate-definition.ts";

/** While instances are there the definition has to stay. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

export const DEFINITIONS = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
} as const;

/** The kind of definitions with all that is checked of them. */
export function definitionKind(plain: Kind): Kind {
  return {
    ...plain,
    strategy: {
      ...plain.strategy,
      updatesUnconditionally: false,
      prepareForCreate: (object, requester) => {
        plain.strategy.prepareForCreate(object, requester);
        const definition = typed(object);
        definition.status.storedVersions = [];
        rememberStoredVersion(definition);
      },
      prepareForUpdate: (next, current) => {
        plain.strategy.prepareForUpdate(next, current);
        rememberStoredVersion(typed(next));
      },
      validate: (object) => [
        ...validateMetadata(object.metadata, {
          isNamespaced: false,
          hasStandardFinalizers: false,
          nameRule: (name, isPrefix) => [...subdomainName(name, isPrefix), ...nameProblems(name, typed(object))],
        }),
        ...validateDefinition(typed(object)),
      ],
      validateUpdate: (next, current) => [
        ...validateMetadataUpdate(next.metadata, current.metadata),
        ...validateDefinition(typed(next), typed(current)),
      ],
      validateStatusUpdate: (next, current) => [
        ...validateMetadataUpdate(next.metadata, current.metadata),
        ...validateDefinitionStatus(typed(next)),
      ],
      warnings: (object, current) => {
        const known = new Set(current ? unknownFormats(typed(current)) : []);
        const added = unknownFormats(typed(object)).filter((format) => !known.has(format));
        return added.map((format) => `unrecognized format ${JSON.stringify(format)}`);
      },
      prepareForDelete: (object, now) => markForDeletion(object, now),
    },
  };
}

export function typed(object: KubeObject): CustomResourceDefinition {
  return object as unknown as CustomResourceDefinition;
}

function nameProblems(name: string, { spec }: CustomResourceDefinition): readonly string[] {
  return name === `${spec.names.plural}.${spec.group}` ? [] : [`must be spec.names.plural+"."+spec.group`];
}

function rememberStoredVersion({ spec, status }: CustomResourceDefinition): void {
  const stored = spec.versions?.find(({ storage }) => storage)?.name;
  const known = status.storedVersions ?? [];
  if (stored !== undefined && !known.includes(stored)) status.storedVersions = [...known, stored];
}

function markForDeletion(object: KubeObject, now: Date): void {
  const { metadata } = object;
  metadata.deletionTimestamp = `${now.toISOString().slice(0, 19)}Z`;
  const finalizers = metadata.finalizers ?? [];
  if (!finalizers.includes(CLEANUP_FINALIZER)) metadata.finalizers = [...finalizers, CLEANUP_FINALIZER];
  const message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
  setCondition(typed(object), { type: "Terminating", status: "True", reason: "InstanceDeletionPending", message }, now);
}
