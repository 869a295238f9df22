import { KubeletError } from "../kubelet-error.ts";
import type { LogOptions } from "../logs/read-log.ts";

/** The options of `kubectl logs` from a request's query, with the names of the API (`PodLogOptions`). */
export function logOptions(query: URLSearchParams, now: Date): LogOptions & { readonly previous: boolean } {
  const seconds = whole(query, "sinceSeconds");
  const time = query.get("sinceTime");
  const since =
    seconds === undefined ? (time === null ? undefined : new Date(time)) : new Date(now.getTime() - seconds * 1000);
  if (since !== undefined && Number.isNaN(since.getTime()))
    throw new KubeletError("bad-request", `sinceTime is no time: ${time ?? ""}`);
  return {
    follow: flag(query, "follow"),
    timestamps: flag(query, "timestamps"),
    previous: flag(query, "previous"),
    tailLines: whole(query, "tailLines"),
    limitBytes: whole(query, "limitBytes"),
    since,
  };
}

function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "false" && value !== "0";
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^\d{1,15}$/u.test(value))
    throw new KubeletError("bad-request", `${name} has to be a whole number, not ${value}`);
  return Number(value);
}
