import type { UserInfo } from "../api/api-exchange.ts";
import { prefixOf } from "../apiserver/object-store.ts";
import type { PathInfo, RequestInfo, ResourceInfo } from "../apiserver/request-info.ts";
import type { KindRegistry } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { FlowSchema, FlowSchemaSpec } from "../schema/data/types/flowcontrol-v1.ts";
import type { Store } from "../store/store.ts";
import { keepFlowSchemaStatus, type FlowSchemaStatusOptions } from "./flow-schema-status.ts";
import { followObjects } from "./stored-objects.ts";

export interface FlowSchemas {
  /** Tells the client in the headers of the answer to which schema and priority level its request belongs. */
  readonly headersFor: (user: UserInfo, info: RequestInfo) => Readonly<Record<string, string>>;
  readonly close: () => void;
}

export interface FlowSchemasOptions extends Pick<FlowSchemaStatusOptions, "client" | "now" | "log"> {
  readonly store: Store;
  readonly kinds: KindRegistry;
}

/**
 * Sorts requests by the stored FlowSchemas, as Kubernetes does. Nobody waits: one process answers in the order in which requests come,
 * so that priority levels have nothing to share out.
 */
export function flowSchemas({ store, kinds, ...others }: FlowSchemasOptions): FlowSchemas {
  let inOrder: readonly FlowSchema[] | undefined;
  const status = keepFlowSchemaStatus({
    ...others,
    schemas: () => schemas.objects.values(),
    hasLevel: (name) => levels.objects.has(name),
  });
  const forget = (): void => {
    inOrder = undefined;
    status.changed();
  };
  const schemas = followObjects<FlowSchema>(store, prefixIn(kinds, "flowschemas"), forget);
  const levels = followObjects<KubeObject>(store, prefixIn(kinds, "prioritylevelconfigurations"), forget);
  return {
    headersFor: (user, info) => {
      inOrder ??= [...schemas.objects.values()].toSorted(byPrecedence);
      const schema = inOrder.find(({ spec }) => isMeant(spec, user, info));
      if (!schema) return {};
      const level = levels.objects.get(schema.spec.priorityLevelConfiguration.name);
      return {
        "x-kubernetes-pf-flowschema-uid": schema.metadata.uid ?? "",
        "x-kubernetes-pf-prioritylevel-uid": level?.metadata.uid ?? "",
      };
    },
    close: () => {
      status.close();
      schemas.stop();
      levels.stop();
    },
  };
}

function prefixIn(kinds: KindRegistry, plural: string): string {
  const kind = kinds.byResource("flowcontrol.apiserver.k8s.io", "v1", plural);
  if (!kind) throw new Error(`${plural} are not among the kinds that are served`);
  return prefixOf(kind);
}

function byPrecedence(left: FlowSchema, right: FlowSchema): number {
  const order = (left.spec.matchingPrecedence ?? 0) - (right.spec.matchingPrecedence ?? 0);
  return order || ((left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1);
}

type Rule = NonNullable<FlowSchemaSpec["rules"]>[number];

function isMeant({ rules }: FlowSchemaSpec, user: UserInfo, info: RequestInfo): boolean {
  return (rules ?? []).some(
    (rule) =>
      (rule.subjects ?? []).some((subject) => isSubject(subject, user)) &&
      (info.kind === "path" ? isPathMeant(rule, info) : isResourceMeant(rule, info)),
  );
}

function isSubject(
  { kind, user, group, serviceAccount }: NonNullable<Rule["subjects"]>[number],
  asker: UserInfo,
): boolean {
  switch (kind) {
    case "User":
      return user?.name === "*" || user?.name === asker.name;
    case "Group":
      return group?.name === "*" || asker.groups.includes(group?.name ?? "");
    case "ServiceAccount": {
      const { namespace = "", name = "" } = serviceAccount ?? {};
      return name === "*"
        ? asker.name.startsWith(`system:serviceaccount:${namespace}:`)
        : asker.name === `system:serviceaccount:${namespace}:${name}`;
    }
    default:
      return false;
  }
}

function isPathMeant({ nonResourceRules }: Rule, { verb, path }: PathInfo): boolean {
  const isPath = (pattern: string): boolean =>
    pattern === "*" || (pattern.endsWith("/*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path);
  return (nonResourceRules ?? []).some((rule) => holds(rule.verbs, verb) && (rule.nonResourceURLs ?? []).some(isPath));
}

function isResourceMeant({ resourceRules }: Rule, info: ResourceInfo): boolean {
  const resource = info.subresource === "" ? info.plural : `${info.plural}/${info.subresource}`;
  return (resourceRules ?? []).some(
    ({ verbs, apiGroups, resources, namespaces, clusterScope }) =>
      holds(verbs, info.verb) &&
      holds(apiGroups, info.group) &&
      holds(resources, resource) &&
      (info.namespace === "" ? clusterScope === true : holds(namespaces, info.namespace)),
  );
}

function holds(list: readonly string[] | null | undefined, value: string): boolean {
  return list?.includes("*") === true || list?.includes(value) === true;
}
