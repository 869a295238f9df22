import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { UserInfo } from "../../api/api-exchange.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { refusalOf, type Attributes } from "../attributes.ts";
import { createRbacAuthorizer } from "./authorizer.ts";
import { bootstrapRoles } from "./bootstrap-roles.ts";
import { refuseBinding, refuseRole } from "./escalation.ts";
import type { PolicyRule } from "./policy-rule.ts";
import type { Role, RoleBinding, RoleObjects, RoleRef } from "./role-objects.ts";

/** What Kubernetes 1.35.4 answered about roles and bindings of our own beside those it begins with. */
interface Answers {
  readonly objects: readonly KubeObject[];
  readonly aggregated: Readonly<Record<string, readonly PolicyRule[]>>;
  readonly reviews: readonly {
    readonly spec: ReviewSpec;
    readonly status: { readonly allowed: boolean; readonly reason?: string };
  }[];
  readonly attempts: readonly { readonly as: string; readonly object: KubeObject; readonly refusal: string }[];
}

interface ReviewSpec {
  readonly user: string;
  readonly groups: readonly string[];
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  readonly nonResourceAttributes?: { readonly path: string; readonly verb: string };
}

const answers = JSON.parse(readFileSync(join(import.meta.dirname, "testdata/answers.json"), "utf8")) as Answers;
const authorizer = createRbacAuthorizer(roleObjects([...bootstrapRoles, ...answers.objects]));

describe("role-based access", () => {
  test(`decides ${answers.reviews.length} reviews as Kubernetes does, for the same reason`, () => {
    for (const { spec, status } of answers.reviews) {
      const decision = authorizer.authorize(attributesOf(spec));
      // Which of several bindings that allow it is named depends on the order in which Kubernetes heard of them.
      const reason = decision.allowed ? (status.reason ?? "").replace(/ by .*/, " by") : (status.reason ?? "");
      assert.equal(decision.allowed, status.allowed, JSON.stringify(spec));
      assert.equal(
        decision.allowed ? decision.reason.replace(/ by .*/, " by") : decision.reason,
        reason,
        JSON.stringify(spec),
      );
    }
  });

  for (const { as, object, refusal } of answers.attempts) {
    test(`${as} makes ${object.kind} ${object.metadata.name}: ${refusal === "" ? "allowed" : refusal.split(":")[0]}`, () => {
      assert.equal(attempt(as, object), refusal);
    });
  }

  test("forgets what it worked out when a role changes", () => {
    const objects = roleObjects([...bootstrapRoles, ...answers.objects]);
    let version = 0;
    let isBound = true;
    const changing = createRbacAuthorizer({
      ...objects,
      version: () => version,
      roleBindings: (namespace) => (isBound ? objects.roleBindings(namespace) : []),
    });
    const wanted = attributesOf({
      user: "ben",
      groups: [],
      resourceAttributes: { namespace: "one", verb: "get", resource: "pods" },
    });
    assert.equal(changing.authorize(wanted).allowed, true);
    isBound = false;
    assert.equal(changing.authorize(wanted).allowed, true);
    version++;
    assert.equal(changing.authorize(wanted).allowed, false);
  });

  test("says what was refused, to whom, where and why", () => {
    const user = { name: "ann", groups: [] };
    const pods = {
      kind: "resource",
      user,
      verb: "get",
      group: "",
      version: "v1",
      resource: "pods",
      subresource: "log",
      namespace: "one",
      name: "x",
    } as const;
    assert.equal(
      refusalOf(pods, ""),
      `User "ann" cannot get resource "pods/log" in API group "" in the namespace "one"`,
    );
    assert.equal(
      refusalOf({ kind: "path", user, verb: "get", path: "/metrics" }, "RBAC: x"),
      `User "ann" cannot get path "/metrics": RBAC: x`,
    );
  });
});

function attempt(as: string, object: KubeObject): string {
  const user: UserInfo = { name: as, groups: ["system:authenticated"] };
  const { name = "", namespace = "" } = object.metadata;
  const resource = `${object.kind.toLowerCase()}s`;
  const create = {
    kind: "resource",
    user,
    verb: "create",
    group: "rbac.authorization.k8s.io",
    version: "v1",
    resource,
    subresource: "",
    namespace,
    name: "",
  } as const;
  const decision = authorizer.authorize(create);
  if (!decision.allowed)
    return `Forbidden: ${resource}.rbac.authorization.k8s.io is forbidden: ${refusalOf(create, decision.reason)}`;
  if (object.kind === "Role" || object.kind === "ClusterRole") {
    const rules = (object as Role).rules ?? [];
    const reason = refuseRole(authorizer, {
      user,
      namespace,
      name,
      resource: object.kind === "Role" ? "roles" : "clusterroles",
      rules,
    });
    return reason === undefined
      ? ""
      : `Forbidden: ${resource}.rbac.authorization.k8s.io "${name}" is forbidden: ${reason}`;
  }
  const refusal = refuseBinding(authorizer, {
    user,
    namespace,
    roleRef: (object as unknown as { roleRef: RoleRef }).roleRef,
  });
  if (refusal.kind === "allowed") return "";
  return refusal.kind === "forbidden"
    ? `Forbidden: ${resource}.rbac.authorization.k8s.io "${name}" is forbidden: ${refusal.reason}`
    : `NotFound: ${resource}.rbac.authorization.k8s.io "${refusal.name}" not found`;
}

function attributesOf({ user: name, groups, resourceAttributes, nonResourceAttributes }: ReviewSpec): Attributes {
  const user = { name, groups };
  if (nonResourceAttributes) return { kind: "path", user, ...nonResourceAttributes };
  const none = { verb: "", group: "", version: "", resource: "", subresource: "", namespace: "", name: "" };
  return { kind: "resource", user, ...none, ...resourceAttributes };
}

function roleObjects(objects: readonly KubeObject[]): RoleObjects {
  const find = (kind: string, name: string, namespace?: string): Role | undefined => {
    const found = objects.find(
      (each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace,
    );
    if (!found) return undefined;
    return found["aggregationRule"] ? { rules: answers.aggregated[name] ?? [] } : (found as Role);
  };
  const bindings = (kind: string, namespace?: string) =>
    objects.filter(
      (each) => each.kind === kind && each.metadata.namespace === namespace,
    ) as unknown as readonly RoleBinding[];
  return {
    version: () => 0,
    clusterRole: (name) => find("ClusterRole", name),
    role: (namespace, name) => find("Role", name, namespace),
    clusterRoleBindings: () =>
      bindings("ClusterRoleBinding").toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1)),
    roleBindings: (namespace) => bindings("RoleBinding", namespace),
  };
}
