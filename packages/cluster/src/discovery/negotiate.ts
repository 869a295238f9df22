import type { ApiRequest } from "../api/api-exchange.ts";
import { ApiError } from "../apiserver/status.ts";

export type DiscoveryForm =
  | { readonly as: "plain"; readonly type: "application/json" | "application/yaml"; readonly isPretty: boolean }
  | { readonly as: "aggregated"; readonly type: string; readonly isPretty: boolean };

const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const offered = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const known = new Set(["", "*/*", "application/*", ...offered.split(", ")]);

interface Offer {
  readonly hasAggregated: boolean;
  /** Unknown types are refused before the document is looked at, in other words. */
  readonly isRouted: boolean;
}

/** The first wish of the `Accept` header that can be granted. Versions of the aggregated form before v2 are no longer served. */
export function discoveryForm(request: Pick<ApiRequest, "headers" | "query">, offer: Offer): DiscoveryForm {
  const isPretty = isTrue(request.query.get("pretty"));
  const wishes = (request.headers["accept"] ?? "").split(",").map(wishOf);
  for (const { type, parameters } of wishes) {
    const isJson = type === "" || type === "*/*" || type === "application/*" || type === "application/json";
    if (!isJson && type !== "application/yaml") continue;
    const as = parameters.get("as");
    if (as === undefined) return { as: "plain", type: isJson ? "application/json" : "application/yaml", isPretty };
    if (isJson && offer.hasAggregated && isAggregated(parameters))
      return { as: "aggregated", type: aggregatedType, isPretty };
  }
  if (offer.isRouted && !wishes.some(({ type }) => known.has(type))) throw notRouted(offered);
  throw new ApiError(406, "NotAcceptable", `only the following media types are accepted: ${offered}`);
}

export function notRouted(types: string): ApiError {
  return new ApiError(406, "NotAcceptable", `406: Not Acceptable\n\nAvailable representations: ${types}`, {});
}

export function isTrue(text: string | null): boolean {
  return text !== null && text !== "0" && text !== "false";
}

function isAggregated(parameters: ReadonlyMap<string, string>): boolean {
  return (
    parameters.get("as") === "APIGroupDiscoveryList" &&
    parameters.get("g") === "apidiscovery.k8s.io" &&
    parameters.get("v") === "v2"
  );
}

export function wishOf(text: string): { readonly type: string; readonly parameters: ReadonlyMap<string, string> } {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  return { type, parameters: new Map(rest.map((part) => pairOf(part.split("=", 2)))) };
}

function pairOf([name = "", value = ""]: readonly string[]): readonly [string, string] {
  return [name, value];
}
