import type { Base } from "./bases.ts";
import type { Case, CaseStep } from "./case.ts";
import type { Dice } from "./dice.ts";
import { edited, isMap, stepsOf, valueAt, type Edit, type JsonMap } from "./edit.ts";
import { mutationsMax } from "./limits.ts";
import type { Surroundings } from "./make-cases.ts";
import { placesOf, randomEdit } from "./mutations.ts";
import { jsonPatchOf, mergePatchOf, strategicPatchOf } from "./patches.ts";

/** What is stored of these changes how the server treats others, so they are only tried. */
const neverStored =
  /webhookconfigurations|admissionpolic|apiservices|flowschemas|prioritylevel|customresourcedefinitions|namespaces$|bindings$/u;
const storedAlone = /\/(rolebindings|clusterrolebindings)$/u;

/** Without it a create is strict, as a client that tells everything would ask. */
const validations = ["Strict", "Warn", "Ignore"] as const;

export function createCase(dice: Dice, number: number, { bases, withTypes }: Surroundings): Case {
  const base = pickBase(dice, bases);
  const edits = someEdits(dice, base, { withTypes });
  const isStored = canBeStored(base) && dice.oneIn(4);
  const query = [isStored ? "" : "dryRun=All", withTypes ? `fieldValidation=${dice.pick(validations)}` : ""];
  const body = namedFor(base);
  const steps: CaseStep[] = [{ method: "POST", path: `${base.path}${queryOf(query)}`, body, edits }];
  if (isStored) steps.push(...ending(base));
  return { number, subject: base.title, manner: "create", steps };
}

export function updateCase(dice: Dice, number: number, { bases, withTypes }: Surroundings): Case {
  const base = pickBase(dice, bases.filter(canBeStored));
  const isOfStatus = base.shape.fields.has("status") && dice.oneIn(3);
  const choice = { withTypes, ...(isOfStatus ? { below: "status" } : {}) };
  const edits = someEdits(dice, base, choice);
  const path = `${objectPath(base)}${isOfStatus ? "/status" : ""}`;
  const steps: CaseStep[] = [
    { method: "POST", path: base.path, body: namedFor(base) },
    { method: "PUT", path: `${path}${queryOf([dice.oneIn(4) ? "dryRun=All" : ""])}`, ofLast: true, edits },
  ];
  if (dice.oneIn(3)) steps.push({ method: "PUT", path, ofLast: true, edits: someEdits(dice, base, choice) });
  return {
    number,
    subject: base.title,
    manner: isOfStatus ? "status update" : "update",
    steps: [...steps, ...ending(base)],
  };
}

const patchTypes = {
  "json patch": "application/json-patch+json",
  "merge patch": "application/merge-patch+json",
  "strategic merge patch": "application/strategic-merge-patch+json",
} as const;

export function patchCase(dice: Dice, number: number, { bases, withTypes }: Surroundings): Case {
  const base = pickBase(dice, bases.filter(canBeStored));
  const manner = dice.pick(["json patch", "merge patch", "strategic merge patch"]);
  const isOfStatus = base.shape.fields.has("status") && dice.oneIn(8);
  const path = `${objectPath(base)}${isOfStatus ? "/status" : ""}`;
  const object = namedFor(base);
  const patch = (): CaseStep => {
    const edits = someEdits(dice, base, { withTypes, ...(isOfStatus ? { below: "status" } : {}) });
    const body =
      manner === "json patch"
        ? jsonPatchOf(dice, object, edits)
        : manner === "merge patch"
          ? mergePatchOf(object, edits)
          : strategicPatchOf(dice, { object, shape: base.shape, edits });
    const query = queryOf([
      dice.oneIn(5) ? "dryRun=All" : "",
      withTypes ? `fieldValidation=${dice.pick(validations)}` : "",
    ]);
    return { method: "PATCH", path: `${path}${query}`, headers: { "content-type": patchTypes[manner] }, body };
  };
  const steps = [{ method: "POST", path: base.path, body: object }, patch(), ...(dice.oneIn(2) ? [patch()] : [])];
  return { number, subject: base.title, manner, steps: [...steps, ...ending(base)] };
}

/** Two managers apply to one object, of which each leaves something out at times; in between somebody updates it. */
export function applyCase(dice: Dice, number: number, { bases, withTypes }: Surroundings): Case {
  const base = pickBase(dice, bases.filter(canBeStored));
  const object = namedFor(base);
  const path = objectPath(base);
  const apply = (): CaseStep => {
    const force = dice.oneIn(3) ? "force=true" : dice.oneIn(8) ? "force=false" : "";
    const query = queryOf([`fieldManager=${dice.pick(["one", "two"])}`, force, dice.oneIn(8) ? "dryRun=All" : ""]);
    const edits = [
      ...(dice.oneIn(2) ? [] : left(dice, object)),
      ...(dice.oneIn(3) ? [] : someEdits(dice, base, { withTypes })),
    ];
    const headers = { "content-type": "application/apply-patch+yaml" };
    return { method: "PATCH", path: `${path}${query}`, headers, body: object, edits };
  };
  const steps: CaseStep[] = dice.oneIn(2) ? [{ method: "POST", path: base.path, body: object }] : [];
  for (let count = 2 + dice.below(3); count > 0; count -= 1) {
    if (dice.oneIn(4))
      steps.push({ method: "PUT", path, ofLast: true, edits: someEdits(dice, base, { withTypes: false }) });
    else steps.push(apply());
  }
  return { number, subject: base.title, manner: "apply", steps: [...steps, ...ending(base)] };
}

/** One thing that this manager does not speak of. */
function left(dice: Dice, object: JsonMap): readonly Edit[] {
  const places = placesOf(object).filter((steps) => steps.length > 1 && steps[0] !== "metadata");
  const place = dice.pick(places);
  return place === undefined ? [] : [{ remove: place }];
}

export function someEdits(dice: Dice, base: Base, choice: { withTypes: boolean; below?: string }): readonly Edit[] {
  const count = dice.oneIn(3) ? 1 + dice.below(mutationsMax) : 1;
  const edits: Edit[] = [];
  let object: unknown = base.object;
  for (let index = 0; index < count; index += 1) {
    const edit = randomEdit(dice, object, base.shape, choice);
    if (edits.some((each) => valueAt(each, []) === edit || stepsOf(each).join() === stepsOf(edit).join())) continue;
    edits.push(edit);
    object = edited(object, [edit]);
  }
  return edits;
}

/** Kinds come equally often, however many good objects there are of each. */
export function pickBase(dice: Dice, bases: readonly Base[]): Base {
  const title = dice.pick([...new Set(bases.map((base) => base.title))]);
  const base = dice.pick(bases.filter((each) => each.title === title));
  if (!base) throw new RangeError("no good objects to begin with");
  return base;
}

export function canBeStored({ path }: Base): boolean {
  return !neverStored.test(path) || storedAlone.test(path);
}

/** Outside of namespaces each telling of a case has a name of its own: something may stay of another. */
export function namedFor({ object, isNamespaced }: Base): JsonMap {
  const metadata = isMap(object["metadata"]) ? object["metadata"] : {};
  const { name, generateName: _, ...others } = metadata;
  const own = typeof name === "string" ? name : "a";
  return { ...object, metadata: { name: isNamespaced || /[\d.]/u.test(own) ? own : "$ns", ...others } };
}

export function objectPath(base: Base): string {
  const { metadata } = namedFor(base);
  return `${base.path}/${isMap(metadata) ? String(metadata["name"]) : "a"}`;
}

/** What is outside of namespaces has to go. */
export function ending(base: Base): readonly CaseStep[] {
  const path = `${objectPath(base)}?gracePeriodSeconds=0`;
  return base.isNamespaced ? [] : [{ method: "DELETE", path }];
}

export function queryOf(parts: readonly string[]): string {
  const given = parts.filter((part) => part !== "");
  return given.length === 0 ? "" : `?${given.join("&")}`;
}
