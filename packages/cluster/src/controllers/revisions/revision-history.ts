import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { hasCode, resources, unless } from "../../loop/index.ts";
import type { Api, Informer, Resource } from "../../loop/index.ts";
import { fnv32, goJson, safeText } from "../../model/hash.ts";
import { byAge, controllerReference } from "../../model/owner.ts";
import type { PodTemplate } from "../../model/pod.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { LabelSelector } from "../../model/selector.ts";
import type { ControllerRevision } from "../../model/workload.ts";
import { candidatesOf, claim } from "../pods/claim.ts";

/** An owner whose templates of the past are kept. */
export interface RevisionOwner extends KubeObject {
  spec: { readonly template: PodTemplate; readonly selector: LabelSelector; readonly revisionHistoryLimit?: number };
}

export interface HistoryParts {
  readonly api: Api;
  readonly revisions: Informer<ControllerRevision>;
  readonly ownerResource: Resource;
}

/** What a revision keeps: a patch that brings the template back, in the order in which Go writes it, as clients compare bytes. */
export function revisionData(template: PodTemplate): unknown {
  return JSON.parse(goJson({ spec: { template: { ...template, $patch: "replace" } } })) as unknown;
}

/** The template that a revision keeps. */
export function templateOf(revision: ControllerRevision, fallback: PodTemplate): PodTemplate {
  const data = revision.data as { spec?: { template?: PodTemplate & { $patch?: string } } } | undefined;
  if (data?.spec?.template === undefined) return fallback;
  const { $patch: _, ...template } = data.spec.template;
  return template;
}

/** The hash that Kubernetes gives a revision: of its data and of how often names collided. */
export function revisionHash(data: unknown, collisionCount: number): string {
  return safeText(fnv32(Buffer.from(String(collisionCount)), fnv32(Buffer.from(goJson(data)))));
}

/** The revisions of an owner, the oldest first. */
export async function listRevisions(parts: HistoryParts, owner: RevisionOwner): Promise<ControllerRevision[]> {
  const claimed = await claim(
    {
      api: parts.api,
      informer: parts.revisions,
      owner,
      ownerResource: parts.ownerResource,
      matches: (revision: ControllerRevision) => matchesSelector(owner.spec.selector, revision.metadata.labels),
    },
    candidatesOf(parts.revisions, owner),
  );
  return claimed.sort((left, right) => left.revision - right.revision || byAge(left, right));
}

export function equalRevision(revision: ControllerRevision, data: unknown): boolean {
  return equalJson(withoutEmpty(revision.data), withoutEmpty(data));
}

/** An absent map of metadata and an empty one are the same template. */
function withoutEmpty(data: unknown): unknown {
  const { spec } = data as { spec?: { template?: PodTemplate } };
  const { creationTimestamp: _, labels = {}, annotations = {}, ...metadata } = spec?.template?.metadata ?? {};
  return { ...spec?.template, metadata: { ...metadata, labels, annotations } };
}

export interface NewRevision {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly data: unknown;
  readonly revision: number;
}

/** Undefined when another object has the name already. */
export async function createRevision(
  parts: HistoryParts,
  owner: RevisionOwner,
  made: NewRevision,
): Promise<ControllerRevision | undefined> {
  const { namespace, annotations } = owner.metadata;
  try {
    return await parts.api.create<ControllerRevision>(resources.controllerRevisions, {
      metadata: {
        name: made.name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: made.labels,
        ...(annotations === undefined ? {} : { annotations }),
        ownerReferences: [controllerReference(owner)],
      },
      data: made.data,
      revision: made.revision,
    });
  } catch (error) {
    if (!hasCode(error, "already-exists")) throw error;
    const known = await parts.api.get<ControllerRevision>(resources.controllerRevisions, namespace ?? "", made.name);
    return known !== undefined && equalRevision(known, made.data) ? known : undefined;
  }
}

/** Gives an older revision, which is wanted again, the newest number. */
export function renumber(
  parts: HistoryParts,
  revision: ControllerRevision,
  number: number,
): Promise<ControllerRevision> {
  return parts.api.update<ControllerRevision>(resources.controllerRevisions, { ...revision, revision: number });
}

/** Deletes the oldest revisions that nobody uses, beyond what the history keeps. */
export async function trimRevisions(
  parts: HistoryParts,
  owner: RevisionOwner,
  revisions: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
): Promise<void> {
  const dead = revisions.filter((revision) => !isLive(revision));
  const excess = dead.length - (owner.spec.revisionHistoryLimit ?? 10);
  for (const revision of dead.slice(0, Math.max(0, excess))) {
    await unless(["not-found"], parts.api.delete(resources.controllerRevisions, revision));
  }
}
