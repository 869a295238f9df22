import type { Kind } from "../kinds/index.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary } from "../schema/schema.ts";
import { builtInDefinitions, definitionsWithCustom, type Definitions } from "./definitions.ts";
import { documentV2 } from "./document-v2.ts";
import { documentV3 } from "./document-v3.ts";
import { groupPath, isCustom } from "./names.ts";
import { objectOperations } from "./object-operations.ts";
import type { Operation } from "./operation.ts";
import { rootOperations } from "./root-operations.ts";

export interface NamedDocument {
  /** As long as these are the same, so is the document. */
  readonly kinds: readonly Kind[];
  readonly make: () => JsonObject;
}

/** All documents of version 3 by their name. */
export function documentsV3(kinds: readonly Kind[], library: SchemaLibrary): ReadonlyMap<string, NamedDocument> {
  const builtIn = builtInDefinitions(kinds, library);
  const make = (part: Part) => (): JsonObject => {
    const definitions = part.isOfCustomKinds ? definitionsWithCustom(part.kinds, builtIn) : builtIn;
    return documentV3(operationsOf(part), definitions, part.isOfCustomKinds);
  };
  return new Map([...partsOf(kinds)].map(([name, part]) => [name, { kinds: part.kinds, make: make(part) }]));
}

/** The document of version 2. */
export function wholeDocumentV2(kinds: readonly Kind[], library: SchemaLibrary): JsonObject {
  const definitions: Definitions = withCustom(kinds, builtInDefinitions(kinds, library));
  return documentV2([...partsOf(kinds).values()].flatMap(operationsOf), definitions);
}

/** In the document of all, what every group has is as the built-in groups have it. */
function withCustom(kinds: readonly Kind[], builtIn: Definitions): Definitions {
  const all = definitionsWithCustom(kinds, builtIn);
  return { get: (name) => (name.startsWith("io.k8s.apimachinery.") ? builtIn.get(name) : all.get(name)) };
}

interface Part {
  readonly roots: readonly Operation[];
  readonly kinds: readonly Kind[];
  readonly isOfCustomKinds: boolean;
}

function partsOf(kinds: readonly Kind[]): ReadonlyMap<string, Part> {
  const roots = rootOperations(kinds);
  const byDocument = Map.groupBy(kinds, (kind) => groupPath(kind).slice(1));
  const names = [...new Set([...roots.keys(), ...byDocument.keys()])].toSorted();
  return new Map(
    names.map((name) => {
      const served = byDocument.get(name) ?? [];
      return [name, { roots: roots.get(name) ?? [], kinds: served, isOfCustomKinds: served.some(isCustom) }];
    }),
  );
}

function operationsOf({ roots, kinds }: Part): readonly Operation[] {
  return [...roots, ...kinds.flatMap(objectOperations)];
}
