import { pickBase, canBeStored, ending, namedFor, objectPath } from "./ask-writes.ts";
import type { Base } from "./bases.ts";
import type { Case, CaseStep } from "./case.ts";
import { acceptHeaders, listParameters, subresources } from "./data/questions.ts";
import type { Dice } from "./dice.ts";
import type { JsonMap } from "./edit.ts";
import type { Surroundings } from "./make-cases.ts";

/** One or two objects, asked for in ways that are not the usual ones. */
export function readCase(dice: Dice, number: number, { bases }: Surroundings): Case {
  const base = pickBase(dice, bases.filter(canBeStored).filter(saysNotWhoAsked));
  const object: JsonMap = namedFor(base);
  const path = objectPath(base);
  const steps: CaseStep[] = [{ method: "POST", path: base.path, body: object }];
  const questions = [
    // A list outside of namespaces shows what other cases made.
    () => (base.isNamespaced ? list(dice, base.path) : get(dice, path)),
    () => get(dice, path),
    () => subresource(dice, path),
    () => otherVerb(dice, base.path, path),
  ] as const;
  for (let count = 1 + dice.below(3); count > 0; count -= 1) steps.push(dice.pick(questions)());
  return { number, subject: base.title, manner: "read", steps: [...steps, ...ending(base)] };
}

/** The two servers know us by different names. */
function saysNotWhoAsked({ title }: Base): boolean {
  return title !== "CertificateSigningRequest";
}

function list(dice: Dice, path: string): CaseStep {
  const names = Object.keys(listParameters);
  const chosen = new Set(Array.from({ length: dice.below(4) }, () => dice.pick(names) ?? ""));
  const query = [...chosen].map((name) => `${name}=${encodeURIComponent(dice.pick(listParameters[name] ?? []) ?? "")}`);
  return { method: "GET", path: `${path}${query.length === 0 ? "" : `?${query.join("&")}`}`, ...accepting(dice) };
}

function get(dice: Dice, path: string): CaseStep {
  const query = dice.pick([
    "",
    "",
    "?resourceVersion=0",
    "?resourceVersion=a",
    "?pretty=true",
    "?includeObject=Object",
    "?limit=a",
  ]);
  return { method: "GET", path: `${dice.oneIn(6) ? `${path}x` : path}${query}`, ...accepting(dice) };
}

function subresource(dice: Dice, path: string): CaseStep {
  const name = dice.pick(subresources);
  const method = dice.pick(["GET", "POST", "PUT", "PATCH", "DELETE"]);
  const type = dice.pick([
    "application/json",
    "application/merge-patch+json",
    "application/apply-patch+yaml",
    "text/plain",
  ]);
  const body = method === "GET" ? {} : { body: {}, headers: { "content-type": type } };
  return { method, path: `${path}/${name}`, ...body };
}

function otherVerb(dice: Dice, collection: string, path: string): CaseStep {
  const method = dice.pick(["PUT", "PATCH", "POST", "OPTIONS", "HEAD"]);
  const target = dice.pick([
    collection,
    path,
    `${path}/`,
    `${collection}/`,
    collection.replace("$ns", "nope"),
    collection.replace("v1", "v9"),
  ]);
  const isPlain = method === "OPTIONS" || method === "HEAD";
  const type = dice.pick(["application/json", "application/merge-patch+json", "text/plain", "application/yaml"]);
  return {
    method,
    path: target,
    ...(isPlain
      ? {}
      : { body: dice.pick([{}, [], "a", null, { kind: "Odd", apiVersion: "v1" }]), headers: { "content-type": type } }),
  };
}

function accepting(dice: Dice): Pick<CaseStep, "headers"> {
  return dice.oneIn(2) ? {} : { headers: { accept: dice.pick(acceptHeaders) } };
}
