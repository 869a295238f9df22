import { defineFunction, FunctionTable, type GoFunction } from "@fairway/gotemplate";
import { normalizedName } from "./parameters.ts";
import { slug } from "./slug.ts";

/** What Argo CD takes out: a template must not learn anything of the machine that fills it. */
const withheld = ["env", "expandenv", "getHostByName"];

const ownFunctions: Readonly<Record<string, GoFunction>> = {
  normalize: defineFunction(["string"], "string", (text) => normalizedName(text)),
  // slugify [length [smart]] text: the text comes last, as a pipeline gives it.
  slugify: defineFunction(["...any"], "string", (...given) => {
    const [length, smart] = given.slice(0, -1);
    const charactersMax = typeof length === "bigint" ? Number(length) : 50;
    return slug(normalizedName(String(given.at(-1) ?? "")), { charactersMax, cutsAtWord: smart !== false });
  }),
};

/** Sprig with the functions that Argo CD adds for ApplicationSets. */
export function applicationSetFunctions(sprig: FunctionTable): FunctionTable {
  const kept = sprig.names().flatMap((name) => {
    const each = sprig.get(name);
    return each === undefined || withheld.includes(name) ? [] : [[name, each] as const];
  });
  return new FunctionTable(new Map(kept)).with(ownFunctions);
}
