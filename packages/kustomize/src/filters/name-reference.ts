import { KustomizeError, wrapError } from "../kustomize-error.ts";
import { peekField, setField, setScalar } from "../node/fields.ts";
import { isMissingOrNull, makeScalar } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup } from "../node/path.ts";
import { isSelected } from "../resource/gvk.ts";
import type { Gvk } from "../resource/gvk.ts";
import { effectiveNamespace, idText, isNotANamespace, sameNamespace } from "../resource/res-id.ts";
import type { Candidate, CandidateIndex } from "./reference-candidates.ts";
import { changeField } from "./field-spec.ts";
import type { FieldSpec } from "./field-spec.ts";

/** One field of one object that may hold the name of an object of the target kind. */
export interface NameReference {
  readonly referrer: Candidate;
  readonly field: FieldSpec;
  readonly target: Gvk;
  readonly candidates: CandidateIndex;
}

/** Follows the renaming of the object that the field names. */
export function updateNameReference(reference: NameReference): void {
  const { referrer, field } = reference;
  try {
    changeField(
      referrer.resource.tree,
      { ...field, ...referrer.resource.gvk },
      { set: (node) => set(reference, node) },
    );
  } catch (error) {
    throw wrapError(`updating name reference in '${field.path}' field of '${idText(referrer.currentId)}'`, error);
  }
}

function set(reference: NameReference, node: Node): void {
  if (isMissingOrNull(node)) return;
  if (node.kind === "scalar") updateScalar(reference, node);
  else if (node.kind === "mapping") updateMapping(reference, node);
  else if (node.kind === "sequence") {
    for (const element of node.content) {
      if (isMissingOrNull(element)) continue;
      if (element.kind === "scalar") updateScalar(reference, element);
      else if (element.kind === "mapping") updateMapping(reference, element);
      else throw new KustomizeError("transform", "a list element is expected to be either a string or a map of string");
    }
  } else throw new KustomizeError("transform", "node must be a scalar, sequence or map");
}

function updateScalar(reference: NameReference, node: Node): void {
  const found = selectReferral(reference, node.value, () => true, false);
  if (found === undefined || found.name === node.value) return;
  setScalar(node, makeScalar(found.name));
}

function updateMapping(reference: NameReference, node: Node): void {
  const name = peekField(node, "name");
  if (name === undefined) throw new KustomizeError("transform", "path config error; no 'name' field in node");
  const namespace = peekField(node, "namespace");
  const inNamespace = namespace === undefined ? () => true : namespaceFilter(reference, namespace.value);
  const found = selectReferral(reference, name.value, inNamespace, true);
  if (found === undefined || (found.name === name.value && found.namespace === "")) return;
  setField(node, "name", makeScalar(found.name));
  if (found.namespace !== "") setField(node, "namespace", makeScalar(found.namespace));
}

/** Objects that are in the namespace now, unless any was in it at first: then those. */
function namespaceFilter(reference: NameReference, namespace: string): (candidate: Candidate) => boolean {
  if (isNotANamespace(namespace)) return () => false;
  const wasInIt = (candidate: Candidate): boolean => effectiveNamespace(candidate.originalId) === namespace;
  const isInIt = (candidate: Candidate): boolean => effectiveNamespace(candidate.currentId) === namespace;
  return reference.candidates.anyVisible(reference.referrer, wasInIt) ? wasInIt : isInIt;
}

function selectReferral(
  reference: NameReference,
  oldName: string,
  inNamespace: (candidate: Candidate) => boolean,
  byNamespaceToo: boolean,
): Candidate | undefined {
  const { referrer, candidates, target } = reference;
  const byRole = roleFilter(reference);
  let found = candidates
    .withPreviousName(oldName)
    .filter(
      (candidate) =>
        candidates.isVisible(candidate, referrer) &&
        inNamespace(candidate) &&
        candidate.previousIds.some((id) => isSelected(id, target)) &&
        byRole(candidate) &&
        isInReach(candidate, referrer),
    );
  if (found.length === 1) return found[0];
  found = found.filter((candidate) => sharesAffixes(candidate, referrer, true));
  if (found.length > 1) found = found.filter((candidate) => sharesAffixes(candidate, referrer, false));
  const [first] = found;
  if (first === undefined || found.length === 1) return first;
  const isSame = (candidate: Candidate): boolean =>
    candidate.name === first.name && (!byNamespaceToo || candidate.namespace === first.namespace);
  if (found.every(isSame)) return first;
  throw ambiguous(referrer, found);
}

/** A role binding names its role with kind and group. */
function roleFilter({ field, referrer }: NameReference): (candidate: Candidate) => boolean {
  if (!field.path.endsWith("roleRef/name")) return () => true;
  const roleRef = lookup(referrer.resource.tree, ["roleRef"]);
  const group = peekField(roleRef, "apiGroup");
  const kind = peekField(roleRef, "kind");
  if (group === undefined || kind === undefined) return () => true;
  const selector = { group: group.value, version: "", kind: kind.value };
  return (candidate) => candidate.previousIds.some((id) => isSelected(id, selector));
}

function isInReach(candidate: Candidate, referrer: Candidate): boolean {
  return (
    referrer.currentId.clusterScoped ||
    candidate.currentId.clusterScoped ||
    candidate.resource.kind === "ServiceAccount" ||
    sameNamespace(referrer.currentId, candidate.currentId)
  );
}

function sharesAffixes(candidate: Candidate, referrer: Candidate, allowEmpty: boolean): boolean {
  const shares = (left: readonly string[], right: readonly string[]): boolean =>
    (allowEmpty && (left.length === 0 || right.length === 0)) || sameEnding(left, right);
  return shares(candidate.prefixes, referrer.prefixes) && shares(candidate.suffixes, referrer.suffixes);
}

function sameEnding(left: readonly string[], right: readonly string[]): boolean {
  const [short, long] = left.length > right.length ? [right, left] : [left, right];
  if (short.length === 0) return long.length === 0;
  return short.every((text, index) => text === long[index + long.length - short.length]);
}

function ambiguous(referrer: Candidate, found: readonly Candidate[]): KustomizeError {
  const ids = found.map((candidate) => idText(candidate.currentId)).join(", ");
  const details = found
    .map((candidate, index) => `--- possible referral ${index}:\n${candidate.resource.toYaml()}\n`)
    .join("");
  return new KustomizeError(
    "transform",
    `found multiple possible referrals: ${ids}\n` +
      `\n**** Too many possible referral targets to referrer:\n${referrer.resource.toYaml()}\n${details}`,
  );
}
