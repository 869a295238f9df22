import type { ApiRequest } from "../api/api-exchange.ts";
import { isMetBy, isRoutedTo, wishesOf } from "../apiserver/accept-header.ts";
import { isPretty } from "../apiserver/negotiate.ts";
import { ApiError } from "../apiserver/status.ts";
import { protobufType } from "../protobuf/index.ts";

export interface DiscoveryForm {
  readonly as: "plain" | "aggregated";
  readonly type: DiscoveryType;
  readonly isPretty: boolean;
}

const offered = ["application/json", "application/yaml", protobufType] as const;

export type DiscoveryType = (typeof offered)[number];

interface Offer {
  readonly hasAggregated: boolean;
  /** Unknown types are refused before the document is looked at, in other words. */
  readonly isRouted: boolean;
}

/** The first wish of the `Accept` header that can be granted. Versions of the aggregated form before v2 are no longer served. */
export function discoveryForm(request: Pick<ApiRequest, "headers" | "query">, offer: Offer): DiscoveryForm {
  const { accept = "" } = request.headers;
  if (accept === "") return { as: "plain", type: "application/json", isPretty: isPretty(request) };
  if (offer.isRouted && !isRoutedTo(accept, offered)) throw notRouted(offered.join(", "));
  for (const wish of wishesOf(accept)) {
    const type = offered.find((each) => isMetBy(wish, each));
    if (type === undefined) continue;
    // Nothing of this is told piece by piece in YAML.
    if (wish.parameters.has("stream") && type === "application/yaml") continue;
    if (!wish.parameters.has("as")) return { as: "plain", type, isPretty: isPretty(request) };
    if (offer.hasAggregated && type !== "application/yaml" && isAggregated(wish.parameters))
      return { as: "aggregated", type, isPretty: isPretty(request) };
  }
  throw new ApiError(406, "NotAcceptable", `only the following media types are accepted: ${offered.join(", ")}`);
}

export function notRouted(types: string): ApiError {
  return new ApiError(406, "NotAcceptable", `406: Not Acceptable\n\nAvailable representations: ${types}`, {});
}

function isAggregated(parameters: ReadonlyMap<string, string>): boolean {
  return (
    parameters.get("as") === "APIGroupDiscoveryList" &&
    parameters.get("g") === "apidiscovery.k8s.io" &&
    parameters.get("v") === "v2"
  );
}
