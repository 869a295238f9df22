import type { KubeObject } from "../object/kube-object.ts";
import type { PodAffinity, PodAffinityTerm } from "../model/placement.ts";
import type { Pod } from "../model/pod.ts";
import { matchesSelector } from "../model/selector.ts";
import type { Refusal } from "./filter.ts";
import type { NodeInfo, PodInfo } from "./node-info.ts";

/** The labels of a namespace, for terms that choose namespaces by them. */
export type NamespaceLabels = (name: string) => KubeObject["metadata"]["labels"];

export type AffinityCheck = (info: NodeInfo) => Refusal | undefined;

/** `key=value` of a topology, with how many pods there match. */
type Places = Map<string, number>;

/** What pods say about being together and apart, both the new one and those that run already. */
export function affinityCheck(
  incoming: PodInfo,
  nodes: readonly NodeInfo[],
  labelsOf: NamespaceLabels,
): AffinityCheck | undefined {
  const { pod } = incoming;
  const wanted = required(pod.spec.affinity?.podAffinity);
  const unwanted = required(pod.spec.affinity?.podAntiAffinity);
  const objecting = placesThatObject(pod, nodes, labelsOf);
  if (wanted.length + unwanted.length + objecting.size === 0) return undefined;
  const wantedPlaces = wanted.map((term) => placesOf(term, pod, nodes, labelsOf));
  const unwantedPlaces = unwanted.map((term) => placesOf(term, pod, nodes, labelsOf));
  const isFirst =
    wantedPlaces.every((places) => places.size === 0) && wanted.every((term) => matchesTerm(term, pod, pod, labelsOf));
  return (info) => {
    const isWithFriends = wanted.every((term, index) => {
      const place = placeOf(term, info);
      return place !== undefined && (isFirst || (wantedPlaces[index]?.get(place) ?? 0) > 0);
    });
    if (!isWithFriends) return { reasons: ["node(s) didn't match pod affinity rules"], isResolvable: false };
    const isApart = unwanted.every((term, index) => {
      const place = placeOf(term, info);
      return place === undefined || (unwantedPlaces[index]?.get(place) ?? 0) === 0;
    });
    if (!isApart) return { reasons: ["node(s) didn't match pod anti-affinity rules"], isResolvable: true };
    const labels = info.node?.metadata.labels ?? {};
    const isWelcome = Object.entries(labels).every(([key, value]) => !objecting.has(`${key}=${value}`));
    if (isWelcome) return undefined;
    return { reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], isResolvable: true };
  };
}

/** More is better, from 0 to 100; undefined when nobody has preferences. */
export function affinityScores(
  { pod }: PodInfo,
  nodes: readonly NodeInfo[],
  labelsOf: NamespaceLabels,
): Map<string, number> | undefined {
  const totals = new Map<string, number>();
  const add = (term: PodAffinityTerm, at: NodeInfo, weight: number) => {
    const place = placeOf(term, at);
    if (place !== undefined) totals.set(place, (totals.get(place) ?? 0) + weight);
  };
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const preferences = [...preferred(podAffinity, 1), ...preferred(podAntiAffinity, -1)];
  for (const info of nodes) {
    for (const other of info.withAffinity.values()) {
      for (const { term, weight } of wishesFor(pod, other.pod, labelsOf)) add(term, info, weight);
    }
    if (preferences.length === 0) continue;
    for (const other of info.pods.values()) {
      for (const { term, weight } of preferences)
        if (matchesTerm(term, pod, other.pod, labelsOf)) add(term, info, weight);
    }
  }
  if (totals.size === 0) return undefined;
  const scores = new Map(nodes.map((info) => [info.name, scoreOf(info, totals)]));
  const values = [...scores.values()];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  for (const [name, score] of scores) scores.set(name, most === least ? 0 : (100 * (score - least)) / (most - least));
  return scores;
}

interface Wish {
  readonly term: PodAffinityTerm;
  readonly weight: number;
}

/** A pod that runs already and must have, or likes, the new one near counts too. */
function wishesFor(pod: Pod, other: Pod, labelsOf: NamespaceLabels): Wish[] {
  const { podAffinity, podAntiAffinity } = other.spec.affinity ?? {};
  const demands = required(podAffinity).map((term) => ({ term, weight: 1 }));
  const wishes = [...demands, ...preferred(podAffinity, 1), ...preferred(podAntiAffinity, -1)];
  return wishes.filter(({ term }) => matchesTerm(term, other, pod, labelsOf));
}

function scoreOf(info: NodeInfo, totals: Places): number {
  let score = 0;
  for (const [key, value] of Object.entries(info.node?.metadata.labels ?? {}))
    score += totals.get(`${key}=${value}`) ?? 0;
  return score;
}

function placesThatObject(pod: Pod, nodes: readonly NodeInfo[], labelsOf: NamespaceLabels): Set<string> {
  const places = new Set<string>();
  for (const info of nodes) {
    for (const other of info.withAffinity.values()) {
      for (const term of required(other.pod.spec.affinity?.podAntiAffinity)) {
        const place = placeOf(term, info);
        if (place !== undefined && matchesTerm(term, other.pod, pod, labelsOf)) places.add(place);
      }
    }
  }
  return places;
}

function placesOf(term: PodAffinityTerm, owner: Pod, nodes: readonly NodeInfo[], labelsOf: NamespaceLabels): Places {
  const places: Places = new Map();
  for (const info of nodes) {
    const place = placeOf(term, info);
    if (place === undefined) continue;
    for (const other of info.pods.values()) {
      if (matchesTerm(term, owner, other.pod, labelsOf)) places.set(place, (places.get(place) ?? 0) + 1);
    }
  }
  return places;
}

function placeOf(term: PodAffinityTerm, { node }: NodeInfo): string | undefined {
  const value = node?.metadata.labels?.[term.topologyKey];
  return value === undefined ? undefined : `${term.topologyKey}=${value}`;
}

/** Whether a term of one pod speaks of another. */
function matchesTerm(term: PodAffinityTerm, owner: Pod, other: Pod, labelsOf: NamespaceLabels): boolean {
  const namespace = other.metadata.namespace ?? "";
  const { namespaces = [], namespaceSelector } = term;
  const isOwnNamespace = namespaces.length === 0 && namespaceSelector === undefined;
  const isThere =
    (isOwnNamespace && namespace === owner.metadata.namespace) ||
    namespaces.includes(namespace) ||
    (namespaceSelector !== undefined && matchesSelector(namespaceSelector, labelsOf(namespace)));
  if (!isThere || !matchesSelector(term.labelSelector, other.metadata.labels)) return false;
  const labels = other.metadata.labels ?? {};
  const own = owner.metadata.labels ?? {};
  return (
    (term.matchLabelKeys ?? []).every((key) => own[key] === undefined || labels[key] === own[key]) &&
    (term.mismatchLabelKeys ?? []).every((key) => own[key] === undefined || labels[key] !== own[key])
  );
}

function required(affinity: PodAffinity | undefined): readonly PodAffinityTerm[] {
  return affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function preferred(affinity: PodAffinity | undefined, sign: 1 | -1): Wish[] {
  return (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
    term: podAffinityTerm,
    weight: sign * weight,
  }));
}
