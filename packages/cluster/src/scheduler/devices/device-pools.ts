import { matchesNodeTerms } from "../../model/placement.ts";
import type { Node } from "../../model/node.ts";
import type { NodeSelectorTerm } from "../../model/placement.ts";
import type { ResourceSlice } from "../../model/device-objects.ts";

/** The devices of a driver that belong together, as far as a node can use them. */
export interface DevicePool {
  readonly driver: string;
  readonly name: string;
  readonly slices: readonly ResourceSlice[];
  /** Some of its slices are not there yet. */
  readonly isIncomplete: boolean;
  /** Two devices have the same name. */
  readonly isInvalid: boolean;
}

/** The pools of which a node can use devices, by their newest generation. */
export function poolsFor(node: Node, slices: readonly ResourceSlice[]): DevicePool[] {
  const found = Map.groupBy(
    slices.filter((slice) => isUsableOn(node, slice)),
    poolKey,
  );
  return [...found].flatMap(([key, usable]) => {
    const all = slices.filter((slice) => poolKey(slice) === key);
    const newest = usable.reduce((highest, { spec }) => Math.max(highest, spec.pool.generation), 0);
    // The driver has described this pool anew, and the node has no part in it any more.
    if (all.some(({ spec }) => spec.pool.generation > newest)) return [];
    const current = usable.filter(({ spec }) => spec.pool.generation === newest);
    const [first] = current;
    if (first === undefined) return [];
    const known = all.filter(({ spec }) => spec.pool.generation === newest);
    const names = current.flatMap(({ spec }) => (spec.devices ?? []).map((device) => device.name));
    return {
      driver: first.spec.driver,
      name: first.spec.pool.name,
      slices: current,
      isIncomplete: known.length !== first.spec.pool.resourceSliceCount,
      isInvalid: new Set(names).size !== names.length,
    };
  });
}

function poolKey({ spec }: ResourceSlice): string {
  return `${spec.driver}/${spec.pool.name}`;
}

function isUsableOn(node: Node, { spec }: ResourceSlice): boolean {
  if (spec.nodeName !== undefined && spec.nodeName !== "") return spec.nodeName === node.metadata.name;
  if (spec.allNodes === true) return true;
  const terms = spec.nodeSelector?.nodeSelectorTerms;
  return terms !== undefined && terms !== null && matchesNodeTerms(terms as readonly NodeSelectorTerm[], node);
}
