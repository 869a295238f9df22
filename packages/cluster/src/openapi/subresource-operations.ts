import type { OtherSubresource } from "../kinds/kind.ts";
import { isCustom, schemaNameOf, titled } from "./names.ts";
import { patch, read, replace, type Maker, type Part } from "./maker.ts";
import type { GroupVersionKind, Method, Operation } from "./operation.ts";
import { connectParameters, logParameters, remainingPath, writeParameters } from "./parameters.ts";

export function subresourceOperations(maker: Maker): readonly Operation[] {
  const { kind, objectPath } = maker;
  const { status, scale, others = [] } = kind.subresources;
  const content = { schema: schemaNameOf(kind) };
  const whole = (path: string, part: Part): readonly Operation[] => [
    read(maker, path, part),
    replace(maker, path, part),
    patch(maker, path, part),
  ];
  return [
    ...(status ? whole(`${objectPath}/status`, { content, suffix: "Status" }) : []),
    ...(scale
      ? whole(`${objectPath}/scale`, {
          content: { schema: "io.k8s.api.autoscaling.v1.Scale" },
          suffix: "Scale",
          ...(isCustom(kind) ? {} : { about: { group: "autoscaling", version: "v1", kind: "Scale" } }),
        })
      : []),
    ...others.flatMap((other) => otherOperations(maker, other)),
  ];
}

function otherOperations(maker: Maker, other: OtherSubresource): readonly Operation[] {
  const { kind, objectPath, make } = maker;
  if (connectParameters[other.kind]) return connections(maker, other);
  const path = `${objectPath}/${other.name}`;
  const about = aboutOf(maker, other);
  const suffix = titled(other.name);
  if (other.name === "log") {
    const produces = ["text/plain", "application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
    return [
      make("read$", path, { method: "get", parameters: logParameters, answers: { 200: "text" }, suffix, produces }),
    ];
  }
  const content = { schema: schemaOf(about, schemaNameOf(kind)) };
  const part: Part = { content, suffix, about };
  return other.verbs.flatMap((verb): readonly Operation[] => {
    switch (verb) {
      case "get":
        return [read(maker, path, part)];
      case "update":
        return [replace(maker, path, part)];
      case "patch":
        return [patch(maker, path, part)];
      case "create":
        return [
          make("create$", path, {
            method: "post",
            parameters: writeParameters,
            body: { schema: content.schema, isRequired: true },
            answers: { 200: content, 201: content, 202: content },
            suffix,
            about,
          }),
        ];
      default:
        return [];
    }
  });
}

const methodsOfVerbs: Readonly<Record<string, readonly Method[]>> = {
  get: ["get", "head", "options"],
  create: ["post"],
  update: ["put"],
  patch: ["patch"],
  delete: ["delete"],
};

/** Exec, attach, port-forward and proxy. */
function connections(maker: Maker, other: OtherSubresource): readonly Operation[] {
  const isProxy = other.name === "proxy";
  const path = `${maker.objectPath}/${other.name}`;
  const about = aboutOf(maker, other);
  const suffix = titled(other.name);
  const methods = other.verbs
    .flatMap((verb) => methodsOfVerbs[verb] ?? [])
    .filter((method) => isProxy || method === "get" || method === "post");
  const places = isProxy ? [path, `${path}/{path}`] : [path];
  return places.flatMap((place) =>
    methods.map((method) => {
      const isDeep = place.endsWith("/{path}");
      const operation = maker.make(`connect$${titled(method)}`, place, {
        method,
        action: "connect",
        about,
        suffix: isDeep ? `${suffix}WithPath` : suffix,
        parameters: [...(connectParameters[other.kind] ?? []), ...(isDeep ? [remainingPath] : [])],
        answers: { 200: "text" },
        produces: ["*/*"],
      });
      return { ...operation, parameters: operation.parameters.filter(({ name }) => name !== "pretty") };
    }),
  );
}

function aboutOf({ kind }: Maker, { group, version, kind: name }: OtherSubresource): GroupVersionKind {
  return { group: group ?? kind.group, version: version ?? kind.version, kind: name };
}

const packagesOfGroups: Readonly<Record<string, string>> = {
  policy: "io.k8s.api.policy",
  "authentication.k8s.io": "io.k8s.api.authentication",
};

/** Beside the parent's own schema, unless it is of another group. */
function schemaOf({ group, version, kind }: GroupVersionKind, parent: string): string {
  const known = packagesOfGroups[group];
  return known === undefined ? `${parent.slice(0, parent.lastIndexOf("."))}.${kind}` : `${known}.${version}.${kind}`;
}
