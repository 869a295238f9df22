// What varies from run to run is replaced, each thing by a rule with a name. What no rule names is compared as it is.

export interface Surroundings {
  /** The scenario's namespace as it was called this time. */
  readonly namespace: string;
  /** Values that were saved, by name. */
  readonly saved: ReadonlyMap<string, string>;
  readonly identities: Identities;
}

/** Random values of one run of a scenario, numbered as they come: that two answers speak of the same is still compared. */
export class Identities {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #countVersions: boolean;

  /** Where controllers write as well, it is chance how many versions there are between two answers. */
  constructor({ countVersions }: { readonly countVersions: boolean } = { countVersions: true }) {
    this.#countVersions = countVersions;
  }

  name(kind: "uid" | "version" | "hash", value: string): string {
    if (kind === "version" && !this.#countVersions) return "(version)";
    const known = this.#names.get(`${kind} ${value}`);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `(${kind} ${count})`;
    this.#names.set(`${kind} ${value}`, name);
    return name;
  }
}

export interface NormalisationRule {
  readonly name: string;
  apply(text: string, surroundings: Surroundings): string;
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** On texts: keys and values of JSON, output of commands, messages. In this order. */
export const textRules: readonly NormalisationRule[] = [
  {
    name: "namespace",
    apply: (text, { namespace }) =>
      text.replaceAll(namespace, "$ns").replaceAll(Buffer.from(namespace).toString("base64"), "(base64 of $ns)"),
  },
  {
    name: "uid",
    apply: (text, { identities }) => text.replaceAll(uuid, (uid) => identities.name("uid", uid)),
  },
  { name: "time", apply: (text) => text.replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g, "(time)") },
  {
    name: "time with microseconds",
    apply: (text) => text.replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z/g, "(microtime)"),
  },
  {
    name: "token",
    apply: (text) =>
      text.replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, "(token)").replaceAll(/\bZXlK[\w+/=]{100,}/g, "(token)"),
  },
  {
    name: "generated name",
    apply: (text) => text.replaceAll(/\b([\w-]+-gen-(?:\d+-)?)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1(random)"),
  },
  {
    name: "hash of a template",
    // How a template is hashed is the controllers' own affair; that two objects have the same hash is compared.
    apply: (text, { identities }) =>
      text
        .replaceAll(
          /\b([\w-]+-gen-|(?:pod-template|controller-revision)-hash=)([bcdfghjklmnpqrstvwxz2456789]{6,10})\b/g,
          (_, before: string, hash: string) => `${before}${identities.name("hash", hash)}`,
        )
        .replaceAll(/(\(hash \d+\)-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1(random)"),
  },
  {
    name: "whose progress",
    // Between two rollouts it is chance of which of them the deployment has told last.
    apply: (text) =>
      text.replaceAll(
        /ReplicaSet "[^"]+" has successfully progressed/g,
        'ReplicaSet "(name)" has successfully progressed',
      ),
  },
  {
    name: "certificate",
    apply: (text) =>
      text
        .replaceAll(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g, "(certificate)")
        .replaceAll(/\bLS0tLS1CRUdJTi[\w+/=]+/g, "(certificate)"),
  },
  {
    name: "version in a text",
    // An object inside a message is JSON inside a string of JSON; a conflict names the version that it found.
    apply: (text) =>
      text
        .replaceAll(/(resourceVersion\\*"?: ?\\*")\d+/g, "$1(version)")
        .replaceAll(/(in record \(|current: )\d+/g, "$1(version)")
        .replaceAll(/(too old resource version: \d+ \()\d+/g, "$1(version)"),
  },
  {
    name: "mounted token",
    apply: (text) => text.replaceAll(/\bkube-api-access-[a-z0-9]{5}\b/g, "kube-api-access-(random)"),
  },
  {
    name: "cluster address",
    apply: (text) => text.replaceAll(/\b10\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/g, "(address)"),
  },
  {
    name: "server address",
    apply: (text) => text.replaceAll(/\b(127\.0\.0\.1|localhost|198\.18\.\d+\.\d+)(:\d+)?\b/g, "(server)"),
  },
];

/** On values of JSON, by the name of their key and the look of the value. */
export const keyRules: Readonly<Record<string, { readonly fits: RegExp; readonly to: string }>> = {
  continue: { fits: /^[\w-]{20,}=*$/, to: "(continue)" },
  clusterIP: { fits: /^[\d.]+$|:/, to: "(address)" },
  nodePort: { fits: /^3\d{4}$/, to: "(port)" },
  healthCheckNodePort: { fits: /^3\d{4}$/, to: "(port)" },
};

export function normalisedText(text: string, surroundings: Surroundings): string {
  let result = text;
  for (const rule of textRules) result = rule.apply(result, surroundings);
  return result;
}

export function normalisedJson(value: unknown, surroundings: Surroundings, key = ""): unknown {
  if (key === "resourceVersion" && typeof value === "string" && /^[1-9]\d*$/.test(value))
    return surroundings.identities.name("version", value);
  if (key.endsWith("-hash") && typeof value === "string" && /^[bcdfghjklmnpqrstvwxz2456789]{6,10}$/.test(value))
    return surroundings.identities.name("hash", value);
  const rule = Object.hasOwn(keyRules, key) ? keyRules[key] : undefined;
  if (rule !== undefined && (typeof value === "string" || typeof value === "number") && rule.fits.test(String(value)))
    return rule.to;
  if (typeof value === "string") return normalisedText(value, surroundings);
  if (Array.isArray(value)) {
    const members = value.map((each) => normalisedJson(each, surroundings));
    return key === "managedFields" ? inOneOrder(members) : members;
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(withoutTrigger(withoutMoment(value))).map(([name, each]) => [
    normalisedText(name, surroundings),
    normalisedJson(each, surroundings, name),
  ]);
  return Object.fromEntries(entries);
}

/** The version of a list or a bookmark is that of the whole cluster, and ages in a table are those of the moment. */
function withoutMoment(map: JsonMap): JsonMap {
  if (map["type"] === "BOOKMARK" && isMap(map["object"])) return { ...map, object: withoutVersion(map["object"]) };
  if (map["kind"] === "Table") {
    const { columnDefinitions: columns } = map;
    const plain = Array.isArray(columns) ? { columnDefinitions: columns.map(withoutProse) } : {};
    return withoutVersion({ ...map, ...plain, rows: withoutAges(map) });
  }
  if (Array.isArray(map["nonResourceRules"])) return withoutOrder(map);
  const isCollection = Array.isArray(map["items"]) || (typeof map["kind"] === "string" && map["kind"].endsWith("List"));
  return isCollection ? withoutVersion(map) : map;
}

const trigger = "endpoints.kubernetes.io/last-change-trigger-time";

/** Rule "trigger": endpoints tell of the change that they come from when it was young enough, which is chance. */
function withoutTrigger(map: JsonMap): JsonMap {
  let kept = map;
  for (const [key, name] of [
    ["annotations", trigger],
    ["f:annotations", `f:${trigger}`],
  ] as const) {
    const members = kept[key];
    if (!isMap(members) || !Object.hasOwn(members, name)) continue;
    const { [name]: _, ...others } = members;
    const { [key]: __, ...without } = kept;
    kept = Object.keys(others).every((each) => each === ".") ? without : { ...kept, [key]: others };
  }
  return kept;
}

function withoutVersion(map: JsonMap): JsonMap {
  const metadata = map["metadata"];
  if (!isMap(metadata) || typeof metadata["resourceVersion"] !== "string") return map;
  const version = metadata["resourceVersion"].replace(/^[1-9]\d*$/, "(version)");
  return { ...map, metadata: { ...metadata, resourceVersion: version } };
}

/** The rules of somebody come in the order in which the server read its roles. */
function withoutOrder(map: JsonMap): JsonMap {
  const sorted = Object.entries(map).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map((each) => JSON.stringify(each)).toSorted() : value,
  ]);
  return Object.fromEntries(sorted);
}

/** Rule "descriptions": that a column has one is compared, but not its sentences. */
function withoutProse(column: unknown): unknown {
  if (!isMap(column) || typeof column["description"] !== "string") return column;
  return { ...column, description: column["description"] === "" ? "" : "(text)" };
}

/**
 * Rule "order of managed fields": those of one operation come in the order of their times, which count in seconds, and
 * only then of their managers.
 */
function inOneOrder(entries: readonly unknown[]): readonly unknown[] {
  const rank = (entry: unknown): string =>
    isMap(entry) ? ["operation", "manager", "subresource", "apiVersion"].map((name) => entry[name]).join(" ") : "";
  return entries.toSorted((left, right) => rank(left).localeCompare(rank(right)));
}

const columnsOfAges = new Set(["Age", "Duration", "Last Schedule", "Last Seen", "First Seen"]);

/** The tables of a watch name their columns only once: where they are not named, a duration is taken for an age. */
function withoutAges({ rows, columnDefinitions: columns }: JsonMap): unknown {
  if (!Array.isArray(rows)) return rows;
  const isAge = (index: number): boolean => {
    const column: unknown = Array.isArray(columns) ? columns[index] : undefined;
    return !isMap(column) || columnsOfAges.has(String(column["name"]));
  };
  return rows.map((row: unknown) => {
    if (!isMap(row) || !Array.isArray(row["cells"])) return row;
    const cells = row["cells"].map((cell: unknown, index) =>
      typeof cell === "string" && /^(\d+[smhdy]){1,2}$/.test(cell) && isAge(index) ? "(age)" : cell,
    );
    return { ...row, cells };
  });
}

type JsonMap = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
