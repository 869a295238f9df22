import { randomUUID } from "node:crypto";
import { ConversionError, ConversionNeeded } from "../kinds/index.ts";
import { cloneJson } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { CustomResourceConversion } from "../schema/data/types/apiextensions-v1.ts";
import { isObject } from "./json-schema.ts";
import { conversionsKeptMax } from "./limits.ts";

/** Asks the conversion webhook of a definition: the review goes out as JSON, the answer's body comes back. */
export type AskConversion = (webhook: ConversionWebhook, review: unknown) => Promise<unknown>;

export interface ConversionWebhook {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  readonly caBundle?: string;
}

/** Objects of one definition in other versions. */
export interface Converter {
  /** Throws `ConversionNeeded` when a webhook has to say it first. */
  readonly convert: (object: KubeObject, apiVersion: string) => KubeObject;
}

export function createConverter(conversion: CustomResourceConversion | undefined, ask: AskConversion): Converter {
  const webhook = conversion?.strategy === "Webhook" ? conversion.webhook?.clientConfig : undefined;
  if (webhook === undefined)
    return { convert: (object, apiVersion) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion }) };
  const versions = conversion?.webhook?.conversionReviewVersions ?? [];
  return new WebhookConverter(webhook, versions.find((version) => REVIEW_VERSIONS.has(version)) ?? "v1", ask);
}

const REVIEW_VERSIONS = new Set(["v1", "v1beta1"]);

type Conversion = { readonly object: KubeObject } | { readonly failure: ConversionError };

/** Keeps what the webhook said, because objects are looked at where nothing can be waited for. */
class WebhookConverter implements Converter {
  readonly #webhook: ConversionWebhook;
  readonly #reviewVersion: string;
  readonly #ask: AskConversion;
  readonly #known = new Map<string, Conversion>();
  #wanted: { readonly key: string; readonly object: KubeObject; readonly apiVersion: string }[] = [];
  #fetching: Promise<void> | undefined;

  constructor(webhook: ConversionWebhook, reviewVersion: string, ask: AskConversion) {
    this.#webhook = webhook;
    this.#reviewVersion = reviewVersion;
    this.#ask = ask;
  }

  convert(object: KubeObject, apiVersion: string): KubeObject {
    if (object.apiVersion === apiVersion) return object;
    const key = `${apiVersion} ${JSON.stringify(convertedPart(object))}`;
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#wanted.push({ key, object, apiVersion });
      // Whoever else is looked at in this turn goes along.
      this.#fetching ??= Promise.resolve().then(() => this.#fetch());
      throw new ConversionNeeded(this.#fetching);
    }
    if ("failure" in known) {
      // The next request asks again.
      this.#known.delete(key);
      throw known.failure;
    }
    return withOwnMetadata(cloneJson(known.object), object);
  }

  async #fetch(): Promise<void> {
    this.#fetching = undefined;
    const wanted = this.#wanted.splice(0);
    const byVersion = Map.groupBy(wanted, ({ apiVersion }) => apiVersion);
    for (const [apiVersion, group] of byVersion) {
      const results = await this.#review(
        group.map(({ object }) => object),
        apiVersion,
      );
      for (const [index, { key }] of group.entries()) this.#remember(key, results[index]);
    }
  }

  #remember(key: string, result: Conversion | undefined): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= conversionsKeptMax && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, result ?? { failure: new ConversionError("the webhook gave too few objects") });
  }

  async #review(objects: readonly KubeObject[], desired: string): Promise<readonly Conversion[]> {
    const uid = randomUUID();
    const start = `conversion webhook for ${objects[0]?.apiVersion ?? ""}, Kind=${objects[0]?.kind ?? ""}`;
    let answer: unknown;
    try {
      answer = await this.#ask(this.#webhook, {
        kind: "ConversionReview",
        apiVersion: `apiextensions.k8s.io/${this.#reviewVersion}`,
        request: { uid, desiredAPIVersion: desired, objects: objects.map(asStored) },
        response: { uid: "", convertedObjects: null, result: { metadata: {} } },
      });
    } catch (error) {
      return failures(objects, `${start} failed: ${error instanceof Error ? error.message : String(error)}`, error);
    }
    return convertedOrRefused(answer, { uid, desired, objects, start });
  }
}

function failures(objects: readonly KubeObject[], message: string, cause?: unknown): readonly Conversion[] {
  return objects.map(() => ({ failure: new ConversionError(message, cause) }));
}

interface Asked {
  readonly uid: string;
  readonly desired: string;
  readonly objects: readonly KubeObject[];
  /** How messages begin. */
  readonly start: string;
}

function convertedOrRefused(answer: unknown, { uid, desired, objects, start }: Asked): readonly Conversion[] {
  const fail = (message: string): readonly Conversion[] => failures(objects, `${start} ${message}`);
  const response = isObject(answer) ? answer["response"] : undefined;
  if (!isObject(response)) return fail("failed: no response provided");
  if (response["uid"] !== uid) return fail(`failed: expected response.uid="${uid}", got "${String(response["uid"])}"`);
  const result = isObject(response["result"]) ? response["result"] : {};
  if (result["status"] !== "Success") {
    const { message, status = "" } = result;
    const said = typeof message === "string" && message !== "" ? message : undefined;
    return fail(`failed: ${said ?? `response.result.status was '${String(status)}', not 'Success'`}`);
  }
  const converted: unknown = response["convertedObjects"] ?? [];
  if (!Array.isArray(converted) || converted.length !== objects.length) {
    const count = Array.isArray(converted) ? converted.length : 0;
    return fail(`returned ${count} objects, expected ${objects.length}`);
  }
  return converted.map((each: unknown, index): Conversion => {
    const original = objects[index];
    const at = objects.length === 1 ? undefined : index;
    const wrong = original === undefined ? "too many objects" : whatIsWrong(each, { original, desired, at });
    if (wrong === undefined) return { object: each as KubeObject };
    return { failure: new ConversionError(`${start} returned invalid ${wrong}`) };
  });
}

interface Wanted {
  readonly original: KubeObject;
  readonly desired: string;
  /** Undefined when one object was sent alone. */
  readonly at: number | undefined;
}

/** A webhook may change labels and annotations, and nothing else of the metadata. */
function whatIsWrong(converted: unknown, { original, desired, at }: Wanted): string | undefined {
  const place = (alone: string): string => (at === undefined ? alone : `converted object at index ${at}`);
  const { apiVersion, kind, metadata }: Readonly<Record<string, unknown>> = isObject(converted) ? converted : {};
  if (apiVersion !== desired)
    return `${place("object at index 0")}: invalid groupVersion (expected ${desired}, received ${String(apiVersion ?? "")})`;
  if (kind !== original.kind)
    return `${place("object at index 0")}: invalid kind (expected ${original.kind ?? ""}, received ${String(kind ?? "")})`;
  const after = isObject(metadata) ? metadata : {};
  for (const [field, shown] of Object.entries(keptMetadata)) {
    const [before, now] = [original.metadata[field as "name"] ?? "", after[field] ?? ""];
    if (before !== now) return `${place("object")}: must have the same ${shown}: ${before} != ${String(now)}`;
  }
  return isObject(metadata) ? undefined : `${place("metadata")}: missing metadata in converted object`;
}

const keptMetadata = { name: "name", namespace: "namespace", uid: "UID" } as const;
const FREE_METADATA = new Set(["labels", "annotations"]);

/** As it lies in the store: there an object has no version. */
function asStored(object: KubeObject): unknown {
  return { ...object, metadata: { ...object.metadata, resourceVersion: undefined } };
}

/** Whatever a webhook looks at. What the server gives to each attempt of a write anew is not among it. */
function convertedPart({ metadata, ...rest }: KubeObject): unknown {
  const { name, namespace, labels, annotations } = metadata;
  return { ...rest, metadata: { name, namespace, labels, annotations } };
}

function withOwnMetadata(converted: KubeObject, original: KubeObject): KubeObject {
  const kept = Object.entries(original.metadata).filter(([field]) => !FREE_METADATA.has(field));
  const changed = Object.entries(converted.metadata ?? {}).filter(([field]) => FREE_METADATA.has(field));
  return { ...converted, metadata: Object.fromEntries([...kept, ...changed]) };
}
