import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceClassConfiguration,
} from "../../schema/data/types/resource-v1.ts";
import type { NodeSelector, NodeSelectorRequirement } from "../../schema/data/types/core-v1.ts";
import type { DeviceClass, ResourceClaim } from "../../model/device-objects.ts";
import type { FoundDevice } from "./find-devices.ts";

/** What is written into the status of a claim that gets these devices. */
export function allocationResult(
  claim: ResourceClaim,
  found: readonly FoundDevice[],
  classOf: (name: string) => DeviceClass | undefined,
): AllocationResult {
  const config = [...classConfigs(found, classOf), ...claimConfigs(claim, found)];
  const nodeSelector = selectorOf(found);
  return {
    devices: {
      results: found.map(({ request, slice, device, hasAdminAccess }) => ({
        request,
        driver: slice.spec.driver,
        pool: slice.spec.pool.name,
        device: device.name,
        ...(hasAdminAccess ? { adminAccess: true } : {}),
      })),
      ...(config.length === 0 ? {} : { config }),
    },
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
  };
}

/** Each class once, for all requests that ask for it. */
function classConfigs(
  found: readonly FoundDevice[],
  classOf: (name: string) => DeviceClass | undefined,
): DeviceAllocationConfiguration[] {
  const requestsOf = new Map<string, Set<string>>();
  for (const { className, request } of found)
    requestsOf.set(className, (requestsOf.get(className) ?? new Set()).add(request));
  return [...requestsOf].flatMap(([name, requests]) =>
    (classOf(name)?.spec.config ?? []).map((config: DeviceClassConfiguration) => ({
      source: "FromClass",
      requests: [...requests],
      ...config,
    })),
  );
}

function claimConfigs(claim: ResourceClaim, found: readonly FoundDevice[]): DeviceAllocationConfiguration[] {
  const given = [...new Set(found.map(({ request }) => request))];
  return (claim.spec.devices.config ?? []).flatMap((config) => {
    const wanted = config.requests ?? [];
    if (wanted.length === 0) return [{ source: "FromClaim", ...config }];
    const concerned = given.filter((name) => wanted.includes(name) || wanted.includes(name.split("/")[0] ?? ""));
    return concerned.map(() => ({ source: "FromClaim", ...config }));
  });
}

/** Where all of the devices can be reached. */
function selectorOf(found: readonly FoundDevice[]): NodeSelector | undefined {
  const matchFields: NodeSelectorRequirement[] = [];
  const matchExpressions: NodeSelectorRequirement[] = [];
  for (const { slice } of found) {
    const { nodeName, nodeSelector } = slice.spec;
    if (nodeName !== undefined && nodeName !== "")
      return { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [nodeName] }] }] };
    // The API allows one term.
    const [term] = nodeSelector?.nodeSelectorTerms ?? [];
    addNew(matchFields, term?.matchFields ?? []);
    addNew(matchExpressions, term?.matchExpressions ?? []);
  }
  if (matchFields.length + matchExpressions.length === 0) return undefined;
  return {
    nodeSelectorTerms: [
      {
        ...(matchExpressions.length === 0 ? {} : { matchExpressions }),
        ...(matchFields.length === 0 ? {} : { matchFields }),
      },
    ],
  };
}

function addNew(known: NodeSelectorRequirement[], more: readonly NodeSelectorRequirement[]): void {
  for (const each of more) if (!known.some((other) => JSON.stringify(other) === JSON.stringify(each))) known.push(each);
}
