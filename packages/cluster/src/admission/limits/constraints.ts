import { canonicalQuantity, compareQuantities, nanosOf } from "../../object/quantity.ts";
import type { Amounts } from "../pod-shape.ts";

export interface Wanted {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

interface Bound {
  readonly type: string;
  readonly resource: string;
  readonly bound: string;
}

export function belowMinimum({ type, resource, bound }: Bound, { requests, limits }: Wanted): string | undefined {
  const request = requests[resource];
  const limit = limits[resource];
  const start = `minimum ${resource} usage per ${type} is ${shown(bound)}`;
  if (request === undefined) return `${start}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${start}, but request is ${shown(request)}`;
  return limit !== undefined && compareQuantities(limit, bound) < 0
    ? `${start}, but limit is ${shown(limit)}`
    : undefined;
}

export function aboveMaximum({ type, resource, bound }: Bound, { requests, limits }: Wanted): string | undefined {
  const request = requests[resource];
  const limit = limits[resource];
  const start = `maximum ${resource} usage per ${type} is ${shown(bound)}`;
  if (limit === undefined) return `${start}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${start}, but limit is ${shown(limit)}`;
  return request !== undefined && compareQuantities(request, bound) > 0
    ? `${start}, but request is ${shown(request)}`
    : undefined;
}

/** Of what has no limits. */
export function aboveRequested({ type, resource, bound }: Bound, { requests }: Wanted): string | undefined {
  const request = requests[resource];
  const start = `maximum ${resource} usage per ${type} is ${shown(bound)}`;
  if (request === undefined) return `${start}.  No request is specified`;
  return compareQuantities(request, bound) > 0 ? `${start}, but request is ${shown(request)}` : undefined;
}

export function aboveRatio({ type, resource, bound }: Bound, { requests, limits }: Wanted): string | undefined {
  const request = nanosOf(requests[resource] ?? "0");
  const limit = nanosOf(limits[resource] ?? "0");
  const start = `${resource} max limit to request ratio per ${type} is ${shown(bound)}`;
  if (request === 0n) return `${start}, but no request is specified or request is 0`;
  if (limit === 0n) return `${start}, but no limit is specified or limit is 0`;
  const ratio = Number(limit) / Number(request);
  return ratio > Number(nanosOf(bound)) / 1e9 ? `${start}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function shown(amount: string): string {
  return canonicalQuantity(amount) ?? amount;
}
