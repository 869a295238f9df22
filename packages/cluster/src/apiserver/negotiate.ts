import type { ApiRequest } from "../api/api-exchange.ts";
import { protobufType } from "../protobuf/index.ts";
import { isMetBy, isRoutedTo, wishesOf, type Wish } from "./accept-header.ts";
import type { Kind } from "../kinds/index.ts";
import type { Call } from "./call.ts";
import { goPackageOf } from "./go-package.ts";
import { ApiError } from "./status.ts";

/** How an answer is written. */
export interface Form {
  readonly type: "application/json" | "application/yaml" | typeof protobufType;
  readonly contentType: string;
  readonly as: "object" | "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
  /** Of the table or metadata: `v1` or `v1beta1`. */
  readonly version: string;
  readonly isPretty: boolean;
}

/**
 * What is to be written: an `object`; one of a `custom` kind, which has no message of its own; the `outcome` of a request, which has one shape
 * whatever others were asked for; or an `error`, which is written as JSON when nothing else is left.
 */
export type Purpose = "object" | "custom" | "outcome" | "error";

const offered = ["application/json", "application/yaml", protobufType] as const;
const shapeVersions = ["v1", "v1beta1"];
/** Nothing comes before what is named first without a weight. */
const beginsWithJson = /^application\/json(?:,|$)/;
const whole: Shape = { as: "object", version: "v1" };

/** The first wish of the `Accept` header that can be granted. */
export function formOf(request: Pick<ApiRequest, "headers" | "query">, purpose: Purpose = "object"): Form {
  const { accept = "" } = request.headers;
  if (accept === "" || beginsWithJson.test(accept)) return formAs("application/json", whole, isPretty(request));
  for (const wish of wishesOf(accept)) {
    for (const type of offered) {
      if (!isMetBy(wish, type)) continue;
      const shape = shapeOf(wish, type, purpose);
      if (shape) return formAs(type, shape, wish.parameters.get("pretty") === "1" || isPretty(request));
    }
  }
  // Made to be read by whoever asked for something odd.
  if (purpose === "error" || purpose === "outcome") return formAs("application/json", whole, true);
  throw notAcceptable();
}

/** The form in which the objects that a request is about are answered. */
export function formOfCall({ request, kind }: Pick<Call, "request" | "kind">): Form {
  return formOf(request, kind.custom ? "custom" : "object");
}

/** The same for what is told piece by piece: YAML has no form for that. */
export function formOfStream(call: Pick<Call, "request" | "kind">): Form {
  const form = formOfCall(call);
  if (form.type === "application/yaml") throw notAcceptable(streamed);
  return form;
}

function formAs(type: Form["type"], { as, version }: Shape, pretty: boolean): Form {
  return { type, contentType: type, as, version, isPretty: pretty };
}

/** Programs behind which there is a person. */
const readByPeople = /^(?:curl|Wget|Mozilla\/5\.0)/;
/** As Go reads a boolean. */
const goTrue = /^(?:1|t|T|true|True|TRUE)$/;

/** With spaces and lines, as people like to read it. */
export function isPretty({ query, headers }: Pick<ApiRequest, "headers" | "query">): boolean {
  const pretty = query.get("pretty") ?? "";
  return pretty === "" ? readByPeople.test(headers["user-agent"] ?? "") : goTrue.test(pretty);
}

const ownSubresources = ["", "status", "scale"];

/** Before anything is looked up, let alone written: whether there is a form in which the answer can be given. */
export function checkAcceptable(call: Pick<Call, "request" | "kind" | "info" | "warnings">): void {
  const { request, kind, info, warnings } = call;
  const { accept = "" } = request.headers;
  const isPlainJson = accept === "" || beginsWithJson.test(accept);
  const isOwn = ownSubresources.includes(info.subresource);
  if (!isPlainJson && isOwn && !kind.custom && !isRoutedTo(accept, offered)) throw notRouted(info);
  // Only whoever gets this far hears how old the kind is.
  if (kind.deprecation !== undefined) warnings.push(kind.deprecation);
  // What is wrong with a list itself comes first.
  if (isPlainJson || !isOwn || info.verb === "list" || info.verb === "watch") return;
  formOfCall(call);
}

/** Types that no built-in kind has are refused in words of their own. */
function notRouted({ verb, name }: Call["info"]): ApiError {
  const types = name === "" && (verb === "list" || verb === "watch") ? [...offered, ...streamed] : offered;
  return new ApiError(
    406,
    "NotAcceptable",
    `406: Not Acceptable\n\nAvailable representations: ${types.join(", ")}`,
    {},
  );
}

interface Shape {
  readonly as: Form["as"];
  readonly version: string;
}

function shapeOf({ parameters }: Wish, type: Form["type"], purpose: Purpose): Shape | undefined {
  if (parameters.size > 0 && !isStreamable(parameters, type)) return undefined;
  const as = parameters.get("as");
  if (purpose === "outcome") return whole;
  if (as === undefined) return purpose === "custom" && type === protobufType ? undefined : whole;
  const version = parameters.get("v") ?? "";
  if (purpose === "error" || parameters.get("g") !== "meta.k8s.io" || !shapeVersions.includes(version))
    return undefined;
  // Cells may hold anything, and messages may not.
  if (as === "Table") return type === protobufType ? undefined : { as, version };
  if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") return { as, version };
  return undefined;
}

/** Of streams there is one form, and of the server's own answers one version. */
function isStreamable(parameters: ReadonlyMap<string, string>, type: Form["type"]): boolean {
  const stream = parameters.get("stream");
  const isOffered = stream === undefined || (stream === "watch" && type !== "application/yaml");
  return isOffered && (parameters.get("sv") ?? "v1") === "v1";
}

/** One object is no list of them, and the other way round: Kubernetes names the type that it has in its own code. */
export function notOfShape({ as }: Form, { group, kind, custom }: Kind): ApiError {
  const name = custom ? "unstructured.Unstructured" : `${goPackageOf(group)}.${kind}`;
  const found = as === "PartialObjectMetadata" ? `a list (*${name}List)` : `not a list (*${name})`;
  return new ApiError(406, "NotAcceptable", `you requested ${as}, but the requested object is ${found}`);
}

const streamed = ["application/json;stream=watch", `${protobufType};stream=watch`];

export function notAcceptable(types: readonly string[] = offered): ApiError {
  return new ApiError(406, "NotAcceptable", `only the following media types are accepted: ${types.join(", ")}`);
}
