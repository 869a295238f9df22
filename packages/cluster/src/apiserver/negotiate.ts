import type { ApiRequest } from "../api/api-exchange.ts";
import { ApiError } from "./status.ts";

/** How an answer is written. */
export interface Form {
  readonly type: "application/json" | "application/yaml";
  readonly contentType: string;
  readonly as: "object" | "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
  /** Of the table or metadata: `v1` or `v1beta1`. */
  readonly version: string;
  readonly isPretty: boolean;
}

const tables = ["v1", "v1beta1"];
const offered = ["application/json", "application/yaml"];

/** The first wish of the `Accept` header that can be granted. */
export function formOf(
  { headers, query }: Pick<ApiRequest, "headers" | "query">,
  purpose: "object" | "error" = "object",
): Form {
  const pretty = query.get("pretty");
  const isPretty = pretty === null ? false : pretty !== "0" && pretty !== "false";
  const wishes = (headers["accept"] ?? "").split(",").map(wishOf);
  for (const { type, parameters } of wishes) {
    const granted =
      type === "" || type === "*/*" || type === "application/*" || type === "application/json"
        ? "application/json"
        : type;
    if (granted !== "application/json" && granted !== "application/yaml") continue;
    const shape = shapeOf(parameters, purpose);
    if (shape) return { type: granted, contentType: granted, isPretty, ...shape };
  }
  if (purpose === "error")
    return { type: "application/json", contentType: "application/json", isPretty, as: "object", version: "v1" };
  throw notAcceptable();
}

const routedTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const anyRouted =
  /^(?:\*\/\*|application\/\*|application\/json|application\/yaml|application\/vnd\.kubernetes\.protobuf)?$/u;

/** Types that no built-in kind has are refused before anything is looked up, in words of their own. */
export function checkRoutable({ headers: { accept = "" } }: Pick<ApiRequest, "headers">): void {
  if (accept.includes("json") || accept.split(",").some((wish) => anyRouted.test(wishOf(wish).type))) return;
  const message = `406: Not Acceptable\n\nAvailable representations: ${routedTypes.join(", ")}`;
  throw new ApiError(406, "NotAcceptable", message, {});
}

interface Shape {
  readonly as: Form["as"];
  readonly version: string;
}

function shapeOf(parameters: ReadonlyMap<string, string>, purpose: "object" | "error"): Shape | undefined {
  const as = parameters.get("as");
  if (as === undefined || purpose === "error") return { as: "object", version: "v1" };
  const version = parameters.get("v") ?? "";
  if (parameters.get("g") !== "meta.k8s.io" || !tables.includes(version)) return undefined;
  if (as === "Table" || as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") return { as, version };
  return undefined;
}

function wishOf(text: string): { readonly type: string; readonly parameters: ReadonlyMap<string, string> } {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(rest.map((part) => part.split("=", 2)).map(([name = "", value = ""]) => [name, value]));
  return { type, parameters };
}

export function notAcceptable(): ApiError {
  return new ApiError(406, "NotAcceptable", `only the following media types are accepted: ${offered.join(", ")}`, {});
}
