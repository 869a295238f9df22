/** The published versions of JSON Schema, oldest first. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** What a schema without `$schema` is taken for. */
export const latestDraft: Draft = 2020;

export const draftUrls: Readonly<Record<Draft, string>> = {
  4: "http://json-schema.org/draft-04/schema",
  6: "http://json-schema.org/draft-06/schema",
  7: "http://json-schema.org/draft-07/schema",
  2019: "https://json-schema.org/draft/2019-09/schema",
  2020: "https://json-schema.org/draft/2020-12/schema",
};

const drafts: readonly Draft[] = [4, 6, 7, 2019, 2020];

/** The draft that a `$schema` names; the scheme and an empty fragment make no difference. */
export function draftOf(url: string): Draft | undefined {
  const [base = "", fragment = ""] = url.split("#", 2);
  if (fragment !== "") return undefined;
  const name = base.replace(/^https?:\/\//u, "");
  if (name === "json-schema.org/schema") return latestDraft;
  return drafts.find((draft) => draftUrls[draft].replace(/^https?:\/\//u, "") === name);
}

/** Where subschemas are: under a key, in each entry of an object, in each item of an array. */
export interface SubschemaPlaces {
  readonly direct: readonly string[];
  readonly entries: readonly string[];
  readonly items: readonly string[];
}

export function subschemaPlaces(draft: Draft): SubschemaPlaces {
  return placesOf[draft];
}

const four: SubschemaPlaces = {
  direct: ["not", "additionalProperties", "items", "additionalItems"],
  entries: ["definitions", "properties", "patternProperties", "dependencies"],
  items: ["allOf", "anyOf", "oneOf", "items"],
};
const six = extend(four, { direct: ["propertyNames", "contains"], entries: [], items: [] });
const seven = extend(six, { direct: ["if", "then", "else"], entries: [], items: [] });
const twentyNineteen = extend(seven, {
  direct: ["unevaluatedProperties", "unevaluatedItems", "contentSchema"],
  entries: ["$defs", "dependentSchemas"],
  items: [],
});
const twentyTwenty = extend(twentyNineteen, { direct: [], entries: [], items: ["prefixItems"] });

const placesOf: Readonly<Record<Draft, SubschemaPlaces>> = {
  4: four,
  6: six,
  7: seven,
  2019: twentyNineteen,
  2020: twentyTwenty,
};

function extend(base: SubschemaPlaces, more: SubschemaPlaces): SubschemaPlaces {
  return {
    direct: [...base.direct, ...more.direct],
    entries: [...base.entries, ...more.entries],
    items: [...base.items, ...more.items],
  };
}
