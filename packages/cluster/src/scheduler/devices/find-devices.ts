import type { Node } from "../../model/node.ts";
import type { Device, DeviceAttribute, DeviceSelector, DeviceSubRequest } from "../../schema/data/types/resource-v1.ts";
import type { DeviceClass, ResourceClaim, ResourceSlice } from "../../model/device-objects.ts";
import { poolsFor } from "./device-pools.ts";
import type { DevicePool } from "./device-pools.ts";
import { matchesSelector } from "./device-selector.ts";
import { devicesPerClaimMax, searchStepsMax } from "./limits.ts";

export type DeviceSearchErrorCode =
  /** A selector can't be evaluated. */
  | "selector"
  /** All devices of a pool are wanted, and it isn't known which those are. */
  | "pool"
  /** All devices are wanted, and together they break a rule of the claim. */
  | "constraint"
  /** More devices than a claim may have. */
  | "too-many";

/** The claim can't be judged; this is told as it is. */
export class DeviceSearchError extends Error {
  readonly code: DeviceSearchErrorCode;

  constructor(code: DeviceSearchErrorCode, message: string) {
    super(message);
    this.name = "DeviceSearchError";
    this.code = code;
  }
}

export interface DeviceQuestion {
  readonly node: Node;
  readonly claims: readonly ResourceClaim[];
  readonly slices: readonly ResourceSlice[];
  readonly classOf: (name: string) => DeviceClass | undefined;
  /** By `driver/pool/device`: given to a claim already. */
  readonly isTaken: (device: string) => boolean;
}

/** A device that a claim would get. */
export interface FoundDevice {
  /** `request`, or `request/alternative`. */
  readonly request: string;
  readonly className: string;
  readonly slice: ResourceSlice;
  readonly device: Device;
  readonly hasAdminAccess: boolean;
}

/** The devices for each claim, in the order of the claims; undefined when a node hasn't enough of them. */
export function findDevices(question: DeviceQuestion): FoundDevice[][] | undefined {
  return new Search(question).run();
}

export function deviceKey({ spec }: ResourceSlice, device: string): string {
  return `${spec.driver}/${spec.pool.name}/${device}`;
}

interface Candidate {
  readonly slice: ResourceSlice;
  readonly device: Device;
  readonly key: string;
}

type Asked = Pick<DeviceSubRequest, "deviceClassName" | "selectors" | "allocationMode" | "count"> & {
  readonly adminAccess?: boolean;
};

/** One way to answer a request: the request itself, or one of its alternatives. */
interface Way {
  readonly claim: ResourceClaim;
  readonly request: string;
  readonly name: string;
  readonly asked: Asked;
  readonly count: number;
  /** When all that fit are wanted: these. */
  readonly all: readonly Candidate[] | undefined;
}

interface Place {
  readonly claim: number;
  readonly request: number;
}

/** Goes through all ways to give devices to requests, and takes back what leads nowhere. */
class Search {
  readonly #question: DeviceQuestion;
  readonly #pools: readonly DevicePool[];
  readonly #ways: readonly (readonly (readonly Way[])[])[];
  readonly #found: FoundDevice[][];
  readonly #given = new Map<string, number[]>();
  readonly #fits = new Map<string, boolean>();
  #steps = 0;

  constructor(question: DeviceQuestion) {
    this.#question = question;
    this.#pools = poolsFor(question.node, question.slices);
    this.#ways = question.claims.map((claim) => this.#waysOf(claim));
    this.#found = question.claims.map(() => []);
  }

  run(): FoundDevice[][] | undefined {
    if (this.#from({ claim: 0, request: 0 })) return this.#found;
    if (this.#pools.some(({ isInvalid }) => isInvalid))
      throw new DeviceSearchError("pool", "invalid resource pools were encountered");
    return undefined;
  }

  #waysOf(claim: ResourceClaim): Way[][] {
    const ways = (claim.spec.devices.requests ?? []).map(({ name, exactly, firstAvailable = [] }) =>
      exactly !== undefined
        ? [this.#way(claim, name, name, exactly)]
        : firstAvailable.map((each) => this.#way(claim, name, `${name}/${each.name}`, each)),
    );
    const least = ways.reduce((sum, each) => sum + Math.min(...each.map(({ count }) => count)), 0);
    if (least > devicesPerClaimMax) {
      const text = `number of requested devices ${least} exceeds the claim limit of ${devicesPerClaimMax}`;
      throw new DeviceSearchError("too-many", `claim ${keyOf(claim)}: ${text}`);
    }
    return ways;
  }

  #way(claim: ResourceClaim, request: string, name: string, asked: Asked): Way {
    const way = { claim, request, name, asked };
    if (asked.allocationMode !== "All") return { ...way, count: asked.count ?? 1, all: undefined };
    const odd = this.#pools.find(({ isIncomplete, isInvalid }) => isIncomplete || isInvalid);
    if (odd !== undefined) {
      const state = odd.isIncomplete ? "being updated" : "invalid";
      const pool = `${odd.driver}/${odd.name}`;
      const text = `asks for all devices, but resource pool ${pool} is currently ${state}`;
      throw new DeviceSearchError("pool", `claim ${keyOf(claim)}, request ${lastOf(name)}: ${text}`);
    }
    const all = this.#candidates().filter((candidate) => this.#fitsWay(way, candidate));
    return { ...way, count: all.length, all };
  }

  #from(place: Place): boolean {
    const requests = this.#ways[place.claim];
    if (requests === undefined) return true;
    const ways = requests[place.request];
    if (ways === undefined) return this.#from({ claim: place.claim + 1, request: 0 });
    return ways.some((way) => this.#give(way, place, 0));
  }

  #give(way: Way, place: Place, given: number): boolean {
    if (way.all?.length === 0) return false;
    if (given >= way.count) return this.#from({ ...place, request: place.request + 1 });
    const found = this.#found[place.claim] ?? [];
    if (found.length + way.count - given > devicesPerClaimMax) return false;
    const next = way.all?.[given];
    const candidates = way.all === undefined ? this.#candidates() : next === undefined ? [] : [next];
    for (const candidate of candidates) {
      this.#steps += 1;
      if (this.#steps > searchStepsMax) return false;
      if (this.#isInUse(way, place, candidate) || !this.#fitsWay(way, candidate)) continue;
      if (!this.#keepsRules(way, found, candidate)) continue;
      const givenTo = this.#given.get(candidate.key) ?? [];
      this.#given.set(candidate.key, [...givenTo, place.claim]);
      found.push({
        request: way.name,
        className: way.asked.deviceClassName,
        slice: candidate.slice,
        device: candidate.device,
        hasAdminAccess: way.asked.adminAccess === true,
      });
      if (this.#give(way, place, given + 1)) return true;
      found.pop();
      this.#given.set(candidate.key, givenTo);
    }
    return false;
  }

  #candidates(): Candidate[] {
    return this.#pools
      .filter(({ isIncomplete, isInvalid }) => !isIncomplete && !isInvalid)
      .flatMap(({ slices }) =>
        slices.flatMap((slice) =>
          (slice.spec.devices ?? []).map((device) => ({ slice, device, key: deviceKey(slice, device.name) })),
        ),
      );
  }

  /** Who administers devices uses them beside others. */
  #isInUse({ asked }: Way, { claim }: Place, { key }: Candidate): boolean {
    const givenTo = this.#given.get(key) ?? [];
    if (asked.adminAccess === true) return givenTo.includes(claim);
    return givenTo.length > 0 || this.#question.isTaken(key);
  }

  #fitsWay(way: Pick<Way, "claim" | "name" | "asked">, candidate: Candidate): boolean {
    const key = `${way.claim.metadata.uid ?? ""}\n${way.name}\n${candidate.key}`;
    const known = this.#fits.get(key);
    if (known !== undefined) return known;
    const { deviceClassName, selectors = [] } = way.asked;
    const ofClass = this.#question.classOf(deviceClassName)?.spec.selectors ?? [];
    const fits =
      wants(ofClass, candidate, `class ${deviceClassName}`) && wants(selectors, candidate, `claim ${keyOf(way.claim)}`);
    this.#fits.set(key, fits);
    return fits;
  }

  /** Devices that have to be alike in an attribute are like the first of them. */
  #keepsRules(way: Way, found: readonly FoundDevice[], candidate: Candidate): boolean {
    for (const { requests = [], matchAttribute } of way.claim.spec.devices.constraints ?? []) {
      const concerns = (name: string) =>
        requests.length === 0 || requests.includes(name) || requests.includes(name.split("/")[0] ?? "");
      if (matchAttribute === undefined || !concerns(way.name)) continue;
      const value = attributeText(candidate, matchAttribute);
      const first = found.find(({ request }) => concerns(request));
      if (value !== undefined && (first === undefined || value === attributeText(first, matchAttribute))) continue;
      if (way.all === undefined) return false;
      const text = `cannot add device ${candidate.key} because a claim constraint would not be satisfied`;
      throw new DeviceSearchError("constraint", `claim ${keyOf(way.claim)}, request ${lastOf(way.name)}: ${text}`);
    }
    return true;
  }
}

function wants(selectors: readonly DeviceSelector[], { slice, device }: Candidate, whose: string): boolean {
  for (const [index, { cel }] of selectors.entries()) {
    const match = matchesSelector(cel?.expression ?? "", slice.spec.driver, device);
    if (match.kind === "broken")
      throw new DeviceSearchError("selector", `${whose}: selector #${index}: ${match.problem}`);
    if (!match.matches) return false;
  }
  return true;
}

/** What an attribute says, with its type; a name without domain is the driver's. */
function attributeText({ slice, device }: Pick<Candidate, "slice" | "device">, name: string): string | undefined {
  const { attributes = {} } = device;
  const slash = name.indexOf("/");
  const isOwn = slash >= 0 && name.slice(0, slash) === slice.spec.driver;
  const attribute: DeviceAttribute | undefined =
    attributes[name] ?? (isOwn ? attributes[name.slice(slash + 1)] : undefined);
  return attribute === undefined ? undefined : JSON.stringify(attribute);
}

function keyOf({ metadata }: ResourceClaim): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

function lastOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}
