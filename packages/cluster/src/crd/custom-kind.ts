import { apiVersionOf } from "../kinds/index.ts";
import { ALL_VERBS } from "../kinds/define-kind.ts";
import type { CustomForm, Kind, Subresources } from "../kinds/kind.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { cloneJson, type JsonObject } from "../object/json-value.ts";
import { goText } from "../object/go-text.ts";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from "../schema/data/types/apiextensions-v1.ts";
import { applySchemaOf } from "./apply-schema.ts";
import { isConditionTrue } from "./conditions.ts";
import type { Converter } from "./conversion.ts";
import { customColumns } from "./custom-columns.ts";
import { customStrategy } from "./custom-strategy.ts";
import { compileJsonPath } from "./json-path.ts";
import type { JsonSchema } from "./json-schema.ts";
import { versionWarnings } from "./version-order.ts";
import { fillDefaults, pruneNulls } from "./values/defaults.ts";
import { prune, readEmbedded, readMetadata } from "./values/prune.ts";

/** A version of a definition as a kind that the server serves. */
export function customKindOf(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  { converter, since }: { readonly converter: Converter; readonly since: number },
): Kind {
  const { spec, status } = definition;
  const { group } = spec;
  const names = status.acceptedNames;
  const schema = schemaOf(version);
  const stored = spec.versions?.find(({ storage }) => storage)?.name ?? version.name;
  const namespaced = spec.scope === "Namespaced";
  return {
    group,
    version: version.name,
    kind: names.kind,
    listKind: names.listKind || `${names.kind}List`,
    plural: names.plural,
    singular: names.singular ?? "",
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced,
    verbs: ALL_VERBS,
    schemaName: `${group.split(".").toReversed().join(".")}.${version.name}.${names.kind}`,
    schema: applySchemaOf(schema),
    subresources: subresourcesOf(version.subresources),
    columns: customColumns(version.additionalPrinterColumns),
    selectableFields: selectableFieldsOf(version),
    ...(stored !== version.name && { storedAs: { group, version: stored } }),
    strategy: customStrategy({ schema, namespaced, subresources: version.subresources }),
    custom: {
      ...formOf({ group, version: version.name, stored, schema, converter }),
      jsonSchema: (version.schema?.openAPIV3Schema ?? { type: "object" }) as JsonObject,
      since,
      warnings: versionWarnings(spec, version),
      isTerminating: isConditionTrue(definition, "Terminating"),
    },
  };
}

export function schemaOf({ schema }: CustomResourceDefinitionVersion): JsonSchema {
  return (schema?.openAPIV3Schema ?? PRESERVES_ALL) as JsonSchema;
}

/** Versions that existed before schemas had to be there. */
const PRESERVES_ALL: JsonSchema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

function subresourcesOf(subresources: CustomResourceSubresources | undefined): Subresources {
  const { scale } = subresources ?? {};
  return {
    ...(subresources?.status !== undefined && { status: true }),
    ...(scale && {
      scale: {
        specReplicas: scale.specReplicasPath,
        statusReplicas: scale.statusReplicasPath,
        ...(scale.labelSelectorPath && { selector: scale.labelSelectorPath }),
      },
    }),
  };
}

function selectableFieldsOf({ selectableFields }: CustomResourceDefinitionVersion): Kind["selectableFields"] {
  return Object.fromEntries(
    (selectableFields ?? []).map(({ jsonPath }) => {
      const path = compileJsonPath(jsonPath);
      const read = (object: KubeObject): string => {
        const value = path?.(object)[0];
        return value === undefined || value === null ? "" : goText(value);
      };
      return [jsonPath.replace(/^\./, ""), read];
    }),
  );
}

interface FormSource {
  readonly group: string;
  readonly version: string;
  /** The version that is stored. */
  readonly stored: string;
  readonly schema: JsonSchema;
  readonly converter: Converter;
}

function formOf({
  group,
  version,
  stored,
  schema,
  converter,
}: FormSource): Pick<CustomForm, "decode" | "fromStored" | "toStored"> {
  const decode: CustomForm["decode"] = (parsed, keepsNulls) => {
    const { metadata } = parsed;
    const read = metadata === undefined || metadata === null ? undefined : readMetadata(metadata, "");
    const value = cloneJson(parsed);
    const unknown = prune(value, schema);
    if (!keepsNulls) pruneNulls(value, schema);
    const inner = readEmbedded(value, schema);
    if (read) value["metadata"] = read.value;
    return { value, unknownFields: [...(read?.unknown ?? []), ...unknown, ...inner] };
  };
  return {
    decode,
    fromStored: (object) => {
      const converted = converter.convert(object, apiVersionOf({ group, version }));
      const { metadata } = converted;
      prune(converted as unknown as JsonObject, schema);
      pruneNulls(converted, schema);
      fillDefaults(converted, schema);
      return { ...converted, metadata };
    },
    toStored: (object) => converter.convert(object, apiVersionOf({ group, version: stored })),
  };
}
