import { randomUUID } from "node:crypto";
import { ConversionError, ConversionNeeded } from "../kinds/index.ts";
import { equalJson } from "../object/json-value.ts";
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
    return withOwnMetadata(structuredClone(known.object), object);
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
    const source = objects[0]?.kind ?? "";
    const start = `conversion webhook for ${objects[0]?.apiVersion ?? ""}, Kind=${source} failed: `;
    const fail = (message: string, cause?: unknown): readonly Conversion[] =>
      objects.map(() => ({ failure: new ConversionError(`${start}${message}`, cause) }));
    let answer: unknown;
    try {
      answer = await this.#ask(this.#webhook, {
        kind: "ConversionReview",
        apiVersion: `apiextensions.k8s.io/${this.#reviewVersion}`,
        request: { uid, desiredAPIVersion: desired, objects },
      });
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error), error);
    }
    return convertedOrRefused(answer, { uid, desired, objects, fail });
  }
}

interface Asked {
  readonly uid: string;
  readonly desired: string;
  readonly objects: readonly KubeObject[];
  readonly fail: (message: string) => readonly Conversion[];
}

function convertedOrRefused(answer: unknown, { uid, desired, objects, fail }: Asked): readonly Conversion[] {
  const response = isObject(answer) ? answer["response"] : undefined;
  if (!isObject(response)) return fail("no response provided");
  if (response["uid"] !== uid) return fail(`expected response.uid="${uid}", got "${String(response["uid"])}"`);
  const result = response["result"];
  if (!isObject(result) || result["status"] !== "Success")
    return fail(isObject(result) && typeof result["message"] === "string" ? result["message"] : "no message provided");
  const converted = response["convertedObjects"];
  if (!Array.isArray(converted) || converted.length !== objects.length) {
    const count = Array.isArray(converted) ? converted.length : 0;
    return fail(`expected ${objects.length} converted objects, got ${count}`);
  }
  return converted.map((each: unknown, index): Conversion => {
    const original = objects[index];
    if (!isObject(each) || each["apiVersion"] !== desired || original === undefined)
      return { failure: new ConversionError(`the webhook gave another version than ${desired}`) };
    return checkedMetadata(each as KubeObject, original);
  });
}

const FREE_METADATA = new Set(["labels", "annotations"]);

/** A webhook may change labels and annotations, and nothing else of the metadata. */
function checkedMetadata(converted: KubeObject, original: KubeObject): Conversion {
  const { name, namespace, uid } = original.metadata;
  const after = converted.metadata ?? {};
  for (const [field, value] of Object.entries({ name, namespace, uid }))
    if (!equalJson(after[field as "name"], value))
      return {
        failure: new ConversionError(
          `must have the same ${field}: ${String(value)} != ${String(after[field as "name"])}`,
        ),
      };
  return { object: converted };
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
