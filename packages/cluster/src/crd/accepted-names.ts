import { equalJson } from "../object/json-value.ts";
import { goQuote } from "../object/go-text.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from "../schema/data/types/apiextensions-v1.ts";
import { conditionOf, isConditionTrue, isSameCondition, setCondition } from "./conditions.ts";
import type { Condition } from "./conditions.ts";

/**
 * Gives a definition the names that it asks for and that no other of its group has, in place, and says so in its conditions. False when there
 * is nothing to say.
 */
export function acceptNames(
  definition: CustomResourceDefinition,
  others: Iterable<CustomResourceDefinition>,
  now: Date,
): boolean {
  const { spec, status } = definition;
  if (equalJson(spec.names, status.acceptedNames)) return false;
  const { names, condition } = namesFor(definition, others);
  const isSame = isSameCondition(conditionOf(definition, "NamesAccepted"), condition);
  if (isSame && equalJson(names, status.acceptedNames)) return false;
  status.acceptedNames = names;
  setCondition(definition, condition, now);
  if (!isConditionTrue(definition, "Established")) setEstablishing(definition, condition.status === "True", now);
  return true;
}

function setEstablishing(definition: CustomResourceDefinition, isAccepted: boolean, now: Date): void {
  const type = "Established";
  if (isAccepted) {
    const message = "the initial names have been accepted";
    setCondition(definition, { type, status: "False", reason: "Installing", message }, now);
  } else if (conditionOf(definition, type) === undefined) {
    setCondition(
      definition,
      { type, status: "False", reason: "NotAccepted", message: "not all names are accepted" },
      now,
    );
  }
}

/** The server can serve it: what was accepted becomes established, in place. False when there is nothing to do. */
export function establish(definition: CustomResourceDefinition, now: Date): boolean {
  if (!isConditionTrue(definition, "NamesAccepted") || isConditionTrue(definition, "Established")) return false;
  const message = "the initial names have been accepted";
  setCondition(definition, { type: "Established", status: "True", reason: "InitialNamesAccepted", message }, now);
  return true;
}

interface Taken {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

function takenBy(group: string, all: Iterable<CustomResourceDefinition>): Taken {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { spec, status } of all) {
    if (spec.group !== group) continue;
    const { plural, singular, shortNames = [], kind, listKind } = status.acceptedNames;
    for (const name of [plural, singular, ...shortNames]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kinds.add(name);
  }
  return { resources, kinds };
}

function namesFor(
  { spec, status }: CustomResourceDefinition,
  all: Iterable<CustomResourceDefinition>,
): { readonly names: CustomResourceDefinitionNames; readonly condition: Condition } {
  const taken = takenBy(spec.group, all);
  const wanted = spec.names;
  const accepted = status.acceptedNames;
  const names = { ...accepted };
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const claim = (field: "plural" | "singular" | "kind" | "listKind", used: ReadonlySet<string>): void => {
    const name = wanted[field] ?? "";
    if (name !== (accepted[field] ?? "") && used.has(name))
      conflict = { reason: CONFLICTS[field], message: `${goQuote(name)} is already in use` };
    else if (wanted[field] !== undefined) names[field] = name;
  };
  claim("plural", taken.resources);
  claim("singular", taken.resources);
  const clashing = (wanted.shortNames ?? []).filter(
    (name) => !(accepted.shortNames ?? []).includes(name) && taken.resources.has(name),
  );
  if (clashing.length > 0) {
    const sentences = clashing.map((name) => `${goQuote(name)} is already in use`);
    const message = sentences.length === 1 ? (sentences[0] ?? "") : `[${sentences.join(", ")}]`;
    conflict = { reason: "ShortNamesConflict", message };
  } else if (wanted.shortNames) names.shortNames = wanted.shortNames;
  else delete names.shortNames;
  claim("kind", taken.kinds);
  claim("listKind", taken.kinds);
  if (wanted.categories) names.categories = wanted.categories;
  else delete names.categories;
  const condition: Condition =
    conflict === undefined
      ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
      : { type: "NamesAccepted", status: "False", ...conflict };
  return { names, condition };
}

const CONFLICTS = {
  plural: "PluralConflict",
  singular: "SingularConflict",
  kind: "KindConflict",
  listKind: "ListKindConflict",
} as const;
