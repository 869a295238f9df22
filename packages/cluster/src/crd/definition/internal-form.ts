import { equalJson } from "../../object/json-value.ts";
import { internalJson } from "../../kinds/validation/internal-json.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  SelectableField,
} from "../../schema/data/types/apiextensions-v1.ts";
import type { JsonSchema } from "../json-schema.ts";
import { shownSchema } from "./shown-schema.ts";

/** What a version says, or what all versions say alike. */
export interface VersionParts {
  readonly schema: JsonSchema | undefined;
  readonly hasSchema: boolean;
  readonly subresources: CustomResourceSubresources | undefined;
  readonly columns: readonly CustomResourceColumnDefinition[];
  readonly selectableFields: readonly SelectableField[];
}

/**
 * A definition as the server itself has it, and as its messages name it: what all versions say alike stands once, at the top
 * (`spec.validation`), and not in the versions.
 */
export interface InternalForm {
  readonly common: VersionParts;
  /** In the order of the versions, without what is common. */
  readonly versions: readonly VersionParts[];
}

const NOTHING: VersionParts = {
  schema: undefined,
  hasSchema: false,
  subresources: undefined,
  columns: [],
  selectableFields: [],
};

export function internalFormOf({ versions }: CustomResourceDefinitionSpec): InternalForm {
  const all = versions ?? [];
  const isAlike = (part: (version: CustomResourceDefinitionVersion) => unknown): boolean =>
    all.every((version) => equalJson(part(version) ?? null, part(all[0] ?? version) ?? null));
  const alike = {
    schema: isAlike(({ schema }) => schema),
    subresources: isAlike(({ subresources }) => subresources),
    columns: isAlike(({ additionalPrinterColumns }) => additionalPrinterColumns),
    selectableFields: isAlike(({ selectableFields }) => selectableFields),
  };
  const [first] = all;
  return {
    common: first === undefined ? NOTHING : partsOf(first, (part) => alike[part]),
    versions: all.map((version) => partsOf(version, (part) => !alike[part])),
  };
}

type Part = "schema" | "subresources" | "columns" | "selectableFields";

function partsOf(version: CustomResourceDefinitionVersion, has: (part: Part) => boolean): VersionParts {
  return {
    schema: has("schema") ? (version.schema?.openAPIV3Schema as JsonSchema | undefined) : undefined,
    hasSchema: has("schema") && version.schema !== undefined,
    subresources: has("subresources") ? version.subresources : undefined,
    columns: has("columns") ? (version.additionalPrinterColumns ?? []) : [],
    selectableFields: has("selectableFields") ? (version.selectableFields ?? []) : [],
  };
}

const VERSION_FIELDS = [
  "name",
  "served",
  "storage",
  "deprecated",
  "deprecationWarning",
  "schema",
  "subresources",
  "additionalPrinterColumns",
  "selectableFields",
];

/** The versions as a message shows them. */
export function shownVersions(
  versions: readonly CustomResourceDefinitionVersion[] | null,
  form: InternalForm,
): unknown {
  return (versions ?? null)?.map((version, index) => {
    const { schema, subresources, columns, selectableFields } = form.versions[index] ?? NOTHING;
    const shown = {
      ...version,
      schema: schema === undefined ? null : { OpenAPIV3Schema: shownSchema(schema) },
      subresources: subresources ?? null,
      additionalPrinterColumns: columns.length > 0 ? columns : null,
      selectableFields: selectableFields.length > 0 ? selectableFields : null,
    };
    return internalJson(shown, VERSION_FIELDS, { deprecated: false });
  });
}
