import { canBeStored, ending, namedFor, objectPath, pickBase, queryOf } from "./ask-writes.ts";
import type { Case, CaseStep } from "./case.ts";
import { deleteOptions, deleteParameters, listParameters } from "./data/questions.ts";
import type { Dice } from "./dice.ts";
import { isMap, type JsonMap } from "./edit.ts";
import type { Surroundings } from "./make-cases.ts";

const finalizerLists: readonly [readonly string[], ...(readonly string[])[]] = [
  [],
  ["example.com/a"],
  ["orphan"],
  ["foregroundDeletion"],
  ["example.com/a", "orphan"],
];

/** An object, perhaps with a finalizer, that is deleted in one way, and then in another, and looked at. */
export function deleteCase(dice: Dice, number: number, { bases }: Surroundings): Case {
  const base = pickBase(
    dice,
    bases.filter((each) => canBeStored(each) && !each.path.endsWith("/nodes")),
  );
  const object = namedFor(base);
  const finalizers = dice.pick(finalizerLists);
  const metadata = isMap(object["metadata"]) ? object["metadata"] : {};
  const kept: JsonMap = finalizers.length === 0 ? object : { ...object, metadata: { ...metadata, finalizers } };
  const path = objectPath(base);
  const steps: CaseStep[] = [
    { method: "POST", path: base.path, body: kept },
    deletion(dice, base.isNamespaced ? base.path : path, path),
  ];
  if (dice.oneIn(2)) steps.push(deletion(dice, path, path));
  steps.push({ method: "GET", path });
  const type = "application/merge-patch+json";
  const letGo: CaseStep = {
    method: "PATCH",
    path,
    headers: { "content-type": type },
    body: { metadata: { finalizers: null } },
  };
  if (finalizers.length > 0) steps.push(letGo);
  return { number, subject: base.title, manner: "delete", steps: [...steps, ...ending(base)] };
}

function deletion(dice: Dice, collection: string, path: string): CaseStep {
  const isOfAll = dice.oneIn(4);
  const selector = (name: string): string =>
    isOfAll && dice.oneIn(3) ? `${name}=${encodeURIComponent(dice.pick(listParameters[name] ?? []) ?? "")}` : "";
  const query = queryOf([
    dice.pick(deleteParameters),
    selector("labelSelector"),
    selector("fieldSelector"),
    selector("limit"),
  ]);
  const body = dice.oneIn(3) ? {} : { body: dice.pick(deleteOptions) };
  const type = dice.oneIn(6) ? { headers: { "content-type": dice.pick(["application/yaml", "text/plain", "a"]) } } : {};
  return { method: "DELETE", path: `${isOfAll ? collection : path}${query}`, ...body, ...type };
}
