import { KustomizeError } from "../kustomize-error.ts";
import { peekField } from "../node/fields.ts";
import { goQuote } from "../node/go-json.ts";
import { tags } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import type { ResId } from "../resource/res-id.ts";
import { idText, sameNamespace } from "../resource/res-id.ts";

/** An object with its identities worked out once: names do not change while references are followed. */
export interface Candidate {
  readonly resource: Resource;
  readonly currentId: ResId;
  readonly originalId: ResId;
  readonly previousIds: readonly ResId[];
  readonly name: string;
  readonly namespace: string;
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** For a role binding: the namespaces of its service accounts. */
  readonly subjectNamespaces: ReadonlySet<string>;
}

export function makeCandidate(resource: Resource): Candidate {
  const { previousIds, currentId } = resource;
  return {
    resource,
    currentId,
    originalId: previousIds[0] ?? currentId,
    previousIds,
    name: resource.name,
    namespace: resource.namespace,
    prefixes: resource.prefixes,
    suffixes: resource.suffixes,
    subjectNamespaces: subjectNamespaces(resource),
  };
}

function subjectNamespaces(resource: Resource): Set<string> {
  const result = new Set<string>();
  if (resource.kind !== "RoleBinding") return result;
  for (const subject of peekField(resource.tree, "subjects")?.content ?? []) {
    const namespace = peekField(subject, "namespace");
    if (namespace === undefined || peekField(subject, "kind")?.value !== "ServiceAccount") continue;
    if (namespace.tag !== tags.string && namespace.tag !== "") {
      const id = goQuote(idText(resource.currentId));
      throw new KustomizeError("transform", `Invalid Input: namespace is blank for resource ${id}\n`);
    }
    result.add(namespace.value);
  }
  return result;
}

/** Finds objects by a name they had before. */
export class CandidateIndex {
  readonly candidates: readonly Candidate[];
  readonly #byPreviousName = new Map<string, Candidate[]>();

  constructor(candidates: readonly Candidate[]) {
    this.candidates = candidates;
    for (const candidate of candidates) {
      for (const name of new Set(candidate.previousIds.map((id) => id.name))) {
        const list = this.#byPreviousName.get(name);
        if (list === undefined) this.#byPreviousName.set(name, [candidate]);
        else list.push(candidate);
      }
    }
  }

  /** Whether nothing was renamed, so that no reference can need a change. */
  get isEmpty(): boolean {
    return this.#byPreviousName.size === 0;
  }

  withPreviousName(name: string): readonly Candidate[] {
    return this.#byPreviousName.get(name) ?? [];
  }

  anyVisible(referrer: Candidate, predicate: (candidate: Candidate) => boolean): boolean {
    return this.candidates.some((candidate) => predicate(candidate) && this.isVisible(candidate, referrer));
  }

  /** Whether the object could refer to the candidate at all. */
  isVisible(candidate: Candidate, referrer: Candidate): boolean {
    return (
      referrer.currentId.clusterScoped ||
      candidate.currentId.clusterScoped ||
      sameNamespace(candidate.currentId, referrer.currentId) ||
      referrer.subjectNamespaces.has(candidate.namespace)
    );
  }
}
