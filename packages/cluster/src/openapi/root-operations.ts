import type { Kind } from "../kinds/index.ts";
import { groupPath, groupTag, isCustom, metaSchema, operationGroup, titled, versionTag } from "./names.ts";
import type { Content, Operation } from "./operation.ts";

const forms = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/** What is served about the API itself, by the name of the document that has it. */
export function rootOperations(kinds: readonly Kind[]): ReadonlyMap<string, readonly Operation[]> {
  const builtIn = kinds.filter((kind) => !isCustom(kind));
  const groups = [...new Set(builtIn.map(({ group }) => group))];
  const versions = new Map(builtIn.map((kind) => [groupPath(kind), kind]));
  return new Map<string, readonly Operation[]>([
    [".well-known/openid-configuration", [openIdConfiguration]],
    ["openid/v1/jwks", [openIdKeys]],
    ["version", [codeVersion]],
    ["api", [listing("api", { id: "getCoreAPIVersions", tag: "core", schema: "APIVersions" })]],
    ["apis", [listing("apis", { id: "getAPIVersions", tag: "apis", schema: "APIGroupList" })]],
    ...groups
      .filter((group) => group !== "")
      .map((group): [string, readonly Operation[]] => {
        const id = `get${titled(groupTag(group))}APIGroup`;
        return [`apis/${group}`, [listing(`apis/${group}`, { id, tag: groupTag(group), schema: "APIGroup" })]];
      }),
    ...[...versions].map(([path, kind]): [string, readonly Operation[]] => {
      const document = path.slice(1);
      const id = `get${operationGroup(kind)}APIResources`;
      return [document, [listing(document, { id, tag: versionTag(kind), schema: "APIResourceList" })]];
    }),
  ]);
}

function listing(document: string, { id, tag, schema }: { id: string; tag: string; schema: string }): Operation {
  const answer: Content = { schema: metaSchema(schema) };
  return {
    path: `/${document}/`,
    method: "get",
    id,
    tag,
    parameters: [],
    answers: { 200: answer },
    produces: forms,
    consumes: forms,
  };
}

const codeVersion: Operation = {
  path: "/version/",
  method: "get",
  id: "getCodeVersion",
  tag: "version",
  parameters: [],
  answers: { 200: { schema: "io.k8s.apimachinery.pkg.version.Info" } },
  produces: ["application/json"],
  consumes: ["application/json"],
};

const openIdConfiguration: Operation = {
  path: "/.well-known/openid-configuration/",
  method: "get",
  id: "getServiceAccountIssuerOpenIDConfiguration",
  tag: "WellKnown",
  parameters: [],
  answers: { 200: "text" },
  produces: ["application/json"],
  consumes: [],
};

const openIdKeys: Operation = {
  path: "/openid/v1/jwks/",
  method: "get",
  id: "getServiceAccountIssuerOpenIDKeyset",
  tag: "openid",
  parameters: [],
  answers: { 200: "text" },
  produces: ["application/jwk-set+json"],
  consumes: [],
};
