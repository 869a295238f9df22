import { OracleError } from "../machine/oracle-error.ts";
import { sigOf } from "./spec-result.ts";

export interface Selection {
  /** "network" or "sig-network". */
  readonly sig?: string | undefined;
  readonly focus?: string | undefined;
  /** Only these, by their whole names. */
  readonly names?: readonly string[] | undefined;
}

/** Flags of ginkgo that choose the specs. Its focus expressions are alternatives, so ours is applied to names first. */
export function selectionFlags(selection: Selection): string[] {
  const labels = ["Conformance", ...(selection.sig === undefined ? [] : [sigLabel(selection.sig)])];
  const flags = [`--label-filter=${labels.join(" && ")}`];
  if (selection.names !== undefined) {
    const chosen = chooseNames(selection.names, selection);
    if (chosen.length === 0) throw new OracleError("usage", "none of the listed specs is in the selection");
    return [...flags, `--focus=(?:${chosen.map(quoteForGo).join("|")})$`];
  }
  return selection.focus === undefined ? flags : [...flags, `--focus=${selection.focus}`];
}

export function chooseNames(names: readonly string[], selection: Selection): string[] {
  const focus = selection.focus === undefined ? undefined : new RegExp(selection.focus, "u");
  const sig = selection.sig === undefined ? undefined : sigLabel(selection.sig).slice("sig-".length);
  return names.filter((name) => (focus?.test(name) ?? true) && (sig === undefined || sigOf(name) === sig));
}

function sigLabel(sig: string): string {
  return sig.startsWith("sig-") ? sig : `sig-${sig}`;
}

/** For Go's regular expressions, which have the same special characters. */
function quoteForGo(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/gu, String.raw`\$&`);
}
