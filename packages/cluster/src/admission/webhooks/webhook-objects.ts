import type { Environment } from "@fairway/cel";
import type { LabelSelector } from "../../model/selector.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { compile, type Compiled } from "../expressions/conditions.ts";
import { admissionEnvironment } from "../expressions/declared.ts";
import type { Match, Rule } from "../matching/match-rules.ts";
import type { StoredObjects } from "../stored-objects.ts";

export interface Webhook {
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules?: readonly Rule[];
  readonly failurePolicy?: string;
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions?: readonly string[];
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
  readonly reinvocationPolicy?: string;
}

export interface ClientConfig {
  readonly url?: string;
  readonly caBundle?: string;
  readonly service?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly path?: string;
    readonly port?: number;
  };
}

interface Configuration extends KubeObject {
  webhooks?: readonly Webhook[];
}

export type WebhookKind = "mutating" | "validating";

/** The webhooks of all configurations, by their names and then as they stand there. */
export function webhooksOf(objects: StoredObjects, kind: WebhookKind): () => readonly Webhook[] {
  const of = `${kind}webhookconfigurations.admissionregistration.k8s.io`;
  let version = -1;
  let known: readonly Webhook[] = [];
  return () => {
    const newest = objects.version(of);
    if (version === newest) return known;
    version = newest;
    known = objects
      .list<Configuration>(of)
      .toSorted((left, right) => ((left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1))
      .flatMap(({ webhooks }) => webhooks ?? []);
    return known;
  };
}

export function matchOf({ rules = [], matchPolicy, namespaceSelector, objectSelector }: Webhook): Match {
  return { rules, matchPolicy, namespaceSelector, objectSelector };
}

let environment: Environment | undefined;
const compiled = new WeakMap<Webhook, readonly Compiled[]>();

export function conditionsOf(webhook: Webhook): readonly Compiled[] {
  const before = compiled.get(webhook);
  if (before) return before;
  environment ??= admissionEnvironment({ hasParams: false });
  const ready = environment;
  const made = (webhook.matchConditions ?? []).map(({ expression }) => compile(ready, expression));
  compiled.set(webhook, made);
  return made;
}
