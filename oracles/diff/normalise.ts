// What varies from run to run is replaced, each thing by a rule with a name. What no rule names is compared as it is.

export interface Surroundings {
  /** The scenario's namespace as it was called this time. */
  readonly namespace: string;
  /** Values that were saved, by name. */
  readonly saved: ReadonlyMap<string, string>;
}

export interface NormalisationRule {
  readonly name: string;
  apply(text: string, surroundings: Surroundings): string;
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** On texts: keys and values of JSON, output of commands, messages. In this order. */
export const textRules: readonly NormalisationRule[] = [
  { name: "namespace", apply: (text, { namespace }) => text.replaceAll(namespace, "$ns") },
  { name: "uid", apply: (text) => text.replaceAll(uuid, "(uid)") },
  { name: "time", apply: (text) => text.replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, "(time)") },
  {
    name: "token",
    apply: (text) => text.replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, "(token)"),
  },
  {
    name: "generated name",
    apply: (text) => text.replaceAll(/\b([\w-]+-gen-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1(random)"),
  },
  {
    name: "version in a text",
    // An object inside a message is JSON inside a string of JSON; a conflict names the version that it found.
    apply: (text) =>
      text
        .replaceAll(/(resourceVersion\\*"?: ?\\*")\d+/g, "$1(version)")
        .replaceAll(/(in record \(|current: )\d+/g, "$1(version)"),
  },
  {
    name: "mounted token",
    apply: (text) => text.replaceAll(/\bkube-api-access-[a-z0-9]{5}\b/g, "kube-api-access-(random)"),
  },
  { name: "age", apply: (text) => text.replaceAll(/(?<=\s)(\d+[smhd]){1,2}(?=\s|$)/g, "(age)") },
  {
    name: "cluster address",
    apply: (text) => text.replaceAll(/\b10\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/g, "(address)"),
  },
  {
    name: "server address",
    apply: (text) => text.replaceAll(/\b(127\.0\.0\.1|localhost|198\.18\.\d+\.\d+)(:\d+)?\b/g, "(server)"),
  },
];

/** On values of JSON, by the name of their key. */
export const keyRules: Readonly<Record<string, string>> = {
  resourceVersion: "(version)",
  continue: "(continue)",
  clusterIP: "(address)",
  nodePort: "(port)",
  "batch.kubernetes.io/controller-uid": "(uid)",
  "controller-uid": "(uid)",
  "pod-template-hash": "(hash)",
};

export function normalisedText(text: string, surroundings: Surroundings): string {
  let result = text;
  for (const rule of textRules) result = rule.apply(result, surroundings);
  return result;
}

export function normalisedJson(value: unknown, surroundings: Surroundings, key = ""): unknown {
  const replacement = Object.hasOwn(keyRules, key) ? keyRules[key] : undefined;
  if (
    replacement !== undefined &&
    (typeof value === "string" || typeof value === "number") &&
    value !== "" &&
    value !== "None"
  ) {
    return replacement;
  }
  if (typeof value === "string") return normalisedText(value, surroundings);
  if (Array.isArray(value)) return value.map((each) => normalisedJson(each, surroundings));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    normalisedText(name, surroundings),
    normalisedJson(each, surroundings, name),
  ]);
  return Object.fromEntries(entries);
}

/** Headers that clients read. Those that only show that something is there are reduced to that. */
export function normalisedHeaders(
  headers: Readonly<Record<string, string>>,
  surroundings: Surroundings,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of [
    "content-type",
    "warning",
    "retry-after",
    "location",
    "etag",
    "cache-control",
    "x-content-type-options",
    "www-authenticate",
  ]) {
    const value = headers[name];
    if (value !== undefined) kept[name] = name === "etag" ? "(present)" : normalisedText(value, surroundings);
  }
  for (const name of ["audit-id", "x-kubernetes-pf-flowschema-uid", "x-kubernetes-pf-prioritylevel-uid"]) {
    if (headers[name] !== undefined) kept[name] = "(present)";
  }
  return kept;
}
