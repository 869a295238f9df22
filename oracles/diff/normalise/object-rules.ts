// Rules for fields of objects of Kubernetes.
import { canonical, field, isList, isObject, textField } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Place, Rule } from "./rule.ts";

const generatedName: Rule = {
  name: "generated-name",
  why: "the server ends a generateName with five random letters",
  learn: (object, symbols) => {
    const prefix = textField(field(object, "metadata"), "generateName");
    const name = textField(field(object, "metadata"), "name");
    if (prefix === undefined || name === undefined || !name.startsWith(prefix)) return;
    if (/^[bcdfghjklmnpqrstvwxz2456789]{5}$/u.test(name.slice(prefix.length))) symbols.learnLiteral("name", name);
  },
};

const clusterAddress: Rule = {
  name: "cluster-address",
  why: "addresses of services and pods come from a range, the next free or a random one",
  learn: (object, symbols) => {
    const spec = field(object, "spec");
    const status = field(object, "status");
    const listed = field(spec, "clusterIPs");
    const addresses = [
      field(spec, "clusterIP"),
      ...(isList(listed) ? listed : []),
      field(status, "podIP"),
      field(status, "hostIP"),
    ];
    for (const address of addresses) {
      if (typeof address === "string" && /^(?:\d+\.\d+\.\d+\.\d+|[\da-f:]+:[\da-f:]+)$/u.test(address)) {
        symbols.learnLiteral("ip", address);
      }
    }
  },
};

const nodePort: Rule = {
  name: "node-port",
  why: "a node port that nobody asked for is a random one",
  value: (value, { key }, symbols) => {
    if ((key !== "nodePort" && key !== "healthCheckNodePort") || typeof value !== "number" || value < 30_000)
      return undefined;
    return symbols.isWritten(String(value)) ? undefined : symbols.symbol("node-port", String(value));
  },
};

const resourceVersion: Rule = {
  name: "resource-version",
  why: "a counter of the whole cluster; which objects share one is kept, the version of a list says nothing",
  value: (value, place, symbols) => {
    if (place.key !== "resourceVersion" || typeof value !== "string" || !/^[1-9]\d*$/u.test(value)) return undefined;
    if (symbols.isWritten(`"${value}"`) || value === "1") return undefined;
    return isOfList(place) || !symbols.numbersVersions ? "<rv>" : symbols.symbol("rv", value);
  },
};

function isOfList({ parents }: Place): boolean {
  const [, holder, event] = parents;
  const kind = textField(holder, "kind") ?? "";
  return /(?:List|^Table)$/u.test(kind) || isList(field(holder, "items")) || textField(event, "type") === "BOOKMARK";
}

const continueToken: Rule = {
  name: "continue-token",
  why: "holds a resource version; clients may not look inside",
  value: (value, { key }) =>
    key === "continue" && typeof value === "string" && value.length > 10 ? "<continue>" : undefined,
};

const managedFieldsOrder: Rule = {
  name: "managed-fields-order",
  why: "sorted by time in whole seconds, so that two changes of one second and of two come in another order",
  value: (value, { key }) => {
    if (key !== "managedFields" || !isList(value)) return undefined;
    const byName = (entry: Json): string =>
      ["operation", "subresource", "manager", "apiVersion"].map((name) => textField(entry, name) ?? "").join(" ");
    return [...value].sort((left, right) => (byName(left) < byName(right) ? -1 : 1));
  },
};

const tableAge: Rule = {
  name: "table-age",
  why: "columns that say how long ago something was",
  object: (object) => {
    if (object["kind"] !== "Table" || !isList(object["rows"])) return object;
    const definitions = object["columnDefinitions"];
    const columns = isList(definitions) ? definitions.map((column) => textField(column, "name") ?? "") : undefined;
    const rows = object["rows"].map((row) => (isObject(row) ? { ...row, cells: cellsOf(row, columns) } : row));
    return { ...object, rows };
  },
};

const ageColumns = new Set(["Age", "Last Schedule", "Duration", "Last Seen", "First Seen", "LastSeen", "FirstSeen"]);

/** The events of a watch after the first have no column definitions: there every duration is taken for an age. */
function cellsOf(row: JsonObject, columns: readonly string[] | undefined): Json {
  const cells = row["cells"];
  if (!isList(cells)) return cells ?? null;
  return cells.map((cell, index) => {
    if (typeof cell !== "string" || !/^(?:\d+[smhdy]){1,2}$/u.test(cell)) return cell;
    return columns === undefined || ageColumns.has(columns[index] ?? "") ? "<age>" : cell;
  });
}

const eventName: Rule = {
  name: "event-name",
  why: "recorders of events end their names with the time in hexadecimal",
  value: (value, { key, parents }) => {
    if (key !== "name" || typeof value !== "string" || parents[1]?.["kind"] !== "Event") return undefined;
    return value.replace(/\.[\da-f]{16}$/u, ".<event>");
  },
};

const serverAddress: Rule = {
  name: "server-address",
  why: "where the server listens is not its answer",
  value: (value, { key }) => (key === "serverAddress" && typeof value === "string" ? "<host>" : undefined),
};

const webToken: Rule = {
  name: "web-token",
  why: "a token is opened: its claims are compared, its times as a lifetime",
  value: (value) => {
    if (typeof value !== "string" || !/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/u.test(value)) return undefined;
    const [head, claims] = value
      .split(".")
      .map((part): unknown => JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
    return isObject(head) && isObject(claims)
      ? { token: { ...head, kid: "<kid>" }, claims: withLifetime(claims) }
      : undefined;
  },
};

function withLifetime(claims: JsonObject): JsonObject {
  const { iat, exp, nbf, ...others } = claims;
  const seconds = (value: Json | undefined): number => (typeof value === "number" ? value : 0);
  const inner = field(others, "kubernetes.io");
  const kubernetes = isObject(inner) && "warnafter" in inner ? { ...inner, warnafter: "<seconds>" } : inner;
  return {
    ...others,
    ...(kubernetes === undefined ? {} : { "kubernetes.io": kubernetes }),
    lifetime: exp === undefined ? "none" : seconds(exp) - seconds(iat),
    notBefore: nbf === iat ? "issued" : "other",
  };
}

const endpointOrder: Rule = {
  name: "endpoint-order",
  why: "addresses in endpoints are sorted by values that vary",
  value: (value, { key, parents }) => {
    if (key !== "endpoints" || !isList(value) || parents[0]?.["kind"] !== "EndpointSlice") return undefined;
    return [...value].sort((left, right) =>
      canonical(field(left, "conditions")) < canonical(field(right, "conditions")) ? -1 : 1,
    );
  },
};

export const objectRules: readonly Rule[] = [
  generatedName,
  clusterAddress,
  nodePort,
  resourceVersion,
  continueToken,
  managedFieldsOrder,
  tableAge,
  eventName,
  serverAddress,
  webToken,
  endpointOrder,
];
