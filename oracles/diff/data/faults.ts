// The catalogue: each of these makes an API server that kubectl or a controller would stumble over.
import {
  changedSomewhere,
  isList,
  isMap,
  jsonOf,
  ofCode,
  ofEvents,
  ofHeaders,
  ofJson,
  ofMetadata,
  ofObject,
  ofStatus,
  without,
} from "../fault.ts";
import type { Fault, Json, JsonMap, Random } from "../fault.ts";

const dropHeader = (name: string): Fault =>
  ofHeaders(`without the header ${name}`, ({ [name]: dropped, ...others }) =>
    dropped === undefined ? undefined : others,
  );

const setHeader = (title: string, name: string, to: (value: string) => string): Fault =>
  ofHeaders(title, (headers) => {
    const value = headers[name];
    return value === undefined || to(value) === value ? undefined : { ...headers, [name]: to(value) };
  });

const codes: readonly Fault[] = [
  ofCode("200 for 201", 201, 200),
  ofCode("201 for 200", 200, 201),
  ofCode("410 for 404", 404, 410),
  ofCode("422 for 409", 409, 422),
  ofCode("400 for 422", 422, 400),
  ofCode("401 for 403", 403, 401),
  ofCode("422 for 400", 400, 422),
  ofCode("404 for 405", 405, 404),
  ofCode("406 for 415", 415, 406),
  ofCode("500 for 200", 200, 500),
  { name: "200 for a refusal", apply: (message) => (message.status >= 400 ? { ...message, status: 200 } : undefined) },
];

const headers: readonly Fault[] = [
  dropHeader("content-type"),
  dropHeader("warning"),
  dropHeader("cache-control"),
  dropHeader("audit-id"),
  dropHeader("x-kubernetes-pf-flowschema-uid"),
  dropHeader("x-kubernetes-pf-prioritylevel-uid"),
  setHeader("text/plain for JSON", "content-type", (type) => type.replace("application/json", "text/plain")),
  setHeader("a content type without its parameters", "content-type", (type) => type.replace(/;.*/u, "")),
  setHeader("another warning", "warning", (text) => text.replace(/"(.*)"/u, '"$1."')),
  setHeader("a warning of another code", "warning", (text) => text.replace("299", "199")),
  setHeader("answers that may be cached", "cache-control", () => "public, max-age=60"),
  ofHeaders("a Retry-After that nobody asked for", (all) =>
    "retry-after" in all ? undefined : { ...all, "retry-after": "1" },
  ),
  ofHeaders("a warning that is none", (all) => ("warning" in all ? undefined : { ...all, warning: '299 - "careful"' })),
];

const refusals: readonly Fault[] = [
  ofStatus("a refusal without its reason", (status) => without(status, "reason")),
  ofStatus("a refusal with another reason", (status) => ({ ...status, reason: "InternalError" })),
  ofStatus("a refusal without details", (status) => without(status, "details")),
  ofStatus("a refusal that says Success", (status) => ({ ...status, status: "Success" })),
  ofStatus("a refusal with another code in its body", (status) => ({ ...status, code: Number(status["code"]) + 1 })),
  ofStatus("a refusal without a message", (status) => without(status, "message")),
  inMessage("a message without its end", (text) => text.slice(0, -1)),
  inMessage("a message with a full stop", (text) => `${text}.`),
  inMessage("a message with single quotes", (text) => text.replaceAll('"', "'")),
  inMessage("a message with a capital", (text) => text.slice(0, 1).toUpperCase() + text.slice(1)),
  inMessage("a message without its colon", (text) => text.replace(": ", " ")),
  inMessage("a message that names another kind", (text) => text.replace(/[a-z]+s(?=[. "])/u, "things")),
  inDetails("details without the kind", (details) => without(details, "kind")),
  inDetails("details without the group", (details) => without(details, "group")),
  inDetails("details without the name", (details) => without(details, "name")),
  inCauses("one cause less", (causes) => (causes.length > 0 ? causes.slice(1) : undefined)),
  inCauses("causes in another order", (causes) => (hasOrder(causes) ? causes.toReversed() : undefined)),
  inCauses("a cause at another field", (causes) => changedFirst(causes, "field", (field) => `${field}.x`)),
  inCauses("a cause of another kind", (causes) => changedFirst(causes, "reason", () => "FieldValueOther")),
  inCauses("a cause with another message", (causes) => changedFirst(causes, "message", (message) => `${message}!`)),
];

function inMessage(name: string, change: (text: string) => string): Fault {
  return ofStatus(name, (status) => {
    const text = status["message"];
    if (typeof text !== "string" || change(text) === text) return undefined;
    return { ...status, message: change(text) };
  });
}

function inDetails(name: string, change: (details: JsonMap) => JsonMap | undefined): Fault {
  return ofStatus(name, (status) => {
    const details = status["details"];
    const changed = isMap(details) ? change(details) : undefined;
    return changed === undefined ? undefined : { ...status, details: changed };
  });
}

function inCauses(name: string, change: (causes: readonly Json[]) => readonly Json[] | undefined): Fault {
  return inDetails(name, (details) => {
    const causes = details["causes"];
    const changed = isList(causes) ? change(causes) : undefined;
    return changed === undefined ? undefined : { ...details, causes: changed };
  });
}

function changedFirst(list: readonly Json[], key: string, to: (text: string) => string): readonly Json[] | undefined {
  const [first, ...others] = list;
  const text = isMap(first) ? first[key] : undefined;
  return isMap(first) && typeof text === "string" ? [{ ...first, [key]: to(text) }, ...others] : undefined;
}

const metadata: readonly Fault[] = [
  ofMetadata("an object without a uid", (all) => without(all, "uid")),
  ofMetadata("an object without a version", (all) => without(all, "resourceVersion")),
  ofMetadata("an object without the time of its creation", (all) => without(all, "creationTimestamp")),
  ofMetadata("an object without managed fields", (all) => without(all, "managedFields")),
  ofMetadata("an object without labels", (all) => without(all, "labels")),
  ofMetadata("an object without annotations", (all) => without(all, "annotations")),
  ofMetadata("an object without finalizers", (all) => without(all, "finalizers")),
  ofMetadata("an object without a generation", (all) => without(all, "generation")),
  ofMetadata("an object without an owner", (all) => without(all, "ownerReferences")),
  ofMetadata("an object without the time of its deletion", (all) => without(all, "deletionTimestamp")),
  ofMetadata("an object of another namespace", (all) =>
    "namespace" in all ? { ...all, namespace: "default" } : undefined,
  ),
  ofMetadata("an object of another name", (all) => ({ ...all, name: `${String(all["name"])}x` })),
  ofMetadata("a generation too far", (all) =>
    "generation" in all ? { ...all, generation: Number(all["generation"]) + 1 } : undefined,
  ),
  ofMetadata("a selfLink as in old days", (all) => ({ ...all, selfLink: "/api" })),
  ofMetadata("a version that is a number", (all) =>
    "resourceVersion" in all ? { ...all, resourceVersion: 5 } : undefined,
  ),
  ofMetadata("a time with fractions", (all) =>
    changedText(all, "creationTimestamp", (time) => time.replace("Z", ".5Z")),
  ),
  ofMetadata("a uid of something else", (all) => changedText(all, "uid", () => "00000000-0000-4000-8000-000000000000")),
  ofMetadata("a version of something else", (all) => changedText(all, "resourceVersion", () => "1")),
  ofMetadata("a uid in capitals", (all) => changedText(all, "uid", (uid) => uid.toUpperCase())),
  inManagedFields("fields of another manager", (entry) => ({ ...entry, manager: "somebody" })),
  inManagedFields("fields owned by another operation", (entry) => ({
    ...entry,
    operation: entry["operation"] === "Apply" ? "Update" : "Apply",
  })),
  inManagedFields("fields of another version", (entry) => ({ ...entry, apiVersion: "v9" })),
  inManagedFields("fields that nobody owns", (entry) => ({ ...entry, fieldsV1: {} })),
];

function changedText(map: JsonMap, key: string, to: (text: string) => string): JsonMap | undefined {
  const text = map[key];
  return typeof text === "string" && to(text) !== text ? { ...map, [key]: to(text) } : undefined;
}

function inManagedFields(name: string, change: (entry: JsonMap) => JsonMap): Fault {
  return ofMetadata(name, (all) => {
    const entries = all["managedFields"];
    if (!isList(entries)) return undefined;
    const [first, ...others] = entries;
    return isMap(first) ? { ...all, managedFields: [change(first), ...others] } : undefined;
  });
}

const objects: readonly Fault[] = [
  ofObject("an object without its kind", (object) => without(object, "kind")),
  ofObject("an object of another version", (object) =>
    "apiVersion" in object ? { ...object, apiVersion: "v9" } : undefined,
  ),
  ofObject("an object of another kind", (object) => ("kind" in object ? { ...object, kind: "Thing" } : undefined)),
  ofObject("an object without status", (object) => without(object, "status")),
  ofObject("an object with a field too many", (object) => ({ ...object, extra: "" })),
  ofObject("an object with null for what is missing", (object) => ({ ...object, missing: null })),
  ofJson("another text somewhere", (body, random) =>
    changedSomewhere(body, random, { fits: (value) => typeof value === "string", to: (value) => `${String(value)}~` }),
  ),
  ofJson("another number somewhere", (body, random) =>
    changedSomewhere(body, random, { fits: (value) => typeof value === "number", to: (value) => Number(value) + 1 }),
  ),
  ofJson("a text for a number", (body, random) =>
    changedSomewhere(body, random, { fits: (value) => typeof value === "number", to: String }),
  ),
  ofJson("the opposite somewhere", (body, random) =>
    changedSomewhere(body, random, { fits: (value) => typeof value === "boolean", to: (value) => value !== true }),
  ),
  ofJson("a field less somewhere", (body, random) =>
    changedSomewhere(body, random, { fits: () => true, to: () => undefined }),
  ),
  ofJson("a list in another order", (body, random) =>
    changedSomewhere(body, random, { fits: hasOrder, to: (value) => (isList(value) ? value.toReversed() : value) }),
  ),
  ofJson("a default that was forgotten", (body, random) => {
    const spec = body["spec"];
    const changed = isMap(spec)
      ? changedSomewhere(spec, random, { fits: (value) => !isMap(value) && !isList(value), to: () => undefined })
      : undefined;
    return changed === undefined ? undefined : { ...body, spec: changed };
  }),
];

function hasOrder(value: Json): boolean {
  if (!isList(value)) return false;
  return JSON.stringify(value.toReversed()) !== JSON.stringify(value);
}

const lists: readonly Fault[] = [
  inItems("a list without an item", (items, random) => items.toSpliced(Math.floor(random() * items.length), 1), 1),
  inItems("a list with an item twice", (items) => [...items, ...items.slice(0, 1)], 1),
  inItems("a list in reverse", (items) => items.toReversed(), 2),
  inItems(
    "a list whose items name their kind",
    (items) => items.map((item) => (isMap(item) ? { ...item, kind: "Item" } : item)),
    1,
  ),
  ofJson("null for an empty list", (body) =>
    isList(body["items"]) && body["items"].length === 0 ? { ...body, items: null } : undefined,
  ),
  ofJson("a list of another kind", (body) => (isList(body["items"]) ? { ...body, kind: "List" } : undefined)),
  inListMetadata("a list without its version", "resourceVersion"),
  inListMetadata("a page without the next", "continue"),
  inListMetadata("a page without what remains", "remainingItemCount"),
];

function inItems(
  name: string,
  change: (items: readonly Json[], random: Random) => readonly Json[],
  atLeast: number,
): Fault {
  return ofJson(name, (body, random) => {
    const items = body["items"];
    return isList(items) && items.length >= atLeast ? { ...body, items: change(items, random) } : undefined;
  });
}

function inListMetadata(name: string, key: string): Fault {
  return ofJson(name, (body) => {
    const metadata = body["metadata"];
    const changed = isList(body["items"]) && isMap(metadata) ? without(metadata, key) : undefined;
    return changed === undefined ? undefined : { ...body, metadata: changed };
  });
}

const tables: readonly Fault[] = [
  inTable("a table without a column", "columnDefinitions", (columns) => columns.slice(1)),
  inTable("a table with columns in another order", "columnDefinitions", (columns) => columns.toReversed()),
  inTable("a column of another name", "columnDefinitions", (columns) =>
    changedFirst(columns, "name", (name) => name.toUpperCase()),
  ),
  inTable("a column of another type", "columnDefinitions", (columns) => changedFirst(columns, "type", () => "number")),
  inTable("a column that nobody described", "columnDefinitions", (columns) =>
    changedFirst(columns, "description", () => ""),
  ),
  inTable("a wide column that is always shown", "columnDefinitions", (columns) => {
    const wide = columns.findIndex((column) => isMap(column) && column["priority"] !== 0);
    return wide < 0
      ? undefined
      : columns.map((column, index) => (index === wide && isMap(column) ? { ...column, priority: 0 } : column));
  }),
  inTable("a table without a row", "rows", (rows) => rows.slice(1)),
  inTable("a row without its object", "rows", (rows) =>
    rows.map((row) => (isMap(row) ? (without(row, "object") ?? row) : row)),
  ),
  inTable("a row with cells in another order", "rows", (rows) =>
    rows.map((row) => (isMap(row) && isList(row["cells"]) ? { ...row, cells: row["cells"].toReversed() } : row)),
  ),
  inTable("a row with another cell", "rows", (rows) =>
    rows.map((row) =>
      isMap(row) && isList(row["cells"]) ? { ...row, cells: ["other", ...row["cells"].slice(1)] } : row,
    ),
  ),
];

function inTable(name: string, key: string, change: (list: readonly Json[]) => readonly Json[] | undefined): Fault {
  return ofJson(name, (body) => {
    const list = body[key];
    if (body["kind"] !== "Table" || !isList(list) || list.length === 0) return undefined;
    const changed = change(list);
    return changed === undefined ? undefined : { ...body, [key]: changed };
  });
}

const watches: readonly Fault[] = [
  ofEvents("a watch that loses an event", (events, random) =>
    events.toSpliced(Math.floor(random() * events.length), 1),
  ),
  ofEvents("a watch that tells an event twice", (events) => [...events, ...events.slice(-1)]),
  ofEvents("a watch with events in another order", (events) => (events.length > 1 ? events.toReversed() : undefined)),
  ofEvents("a watch that takes changes for additions", (events) => eventsAs(events, "MODIFIED", "ADDED")),
  ofEvents("a watch that takes additions for changes", (events) => eventsAs(events, "ADDED", "MODIFIED")),
  ofEvents("a watch that takes deletions for changes", (events) => eventsAs(events, "DELETED", "MODIFIED")),
  ofEvents("a watch without bookmarks", (events) => {
    const others = events.filter((event) => event["type"] !== "BOOKMARK");
    return others.length < events.length ? others : undefined;
  }),
  ofEvents("a bookmark with the whole object", (events) => {
    const found = events.some((event) => event["type"] === "BOOKMARK");
    return found
      ? events.map((event) =>
          event["type"] === "BOOKMARK" ? { ...event, object: { ...objectOf(event), spec: {} } } : event,
        )
      : undefined;
  }),
  ofEvents("a bookmark that ends nothing", (events) => {
    const text = JSON.stringify(events);
    const changed = text.replaceAll(/,?"annotations":\{"k8s\.io\/initial-events-end":"true"\}/gu, "");
    const read: unknown = jsonOf(changed);
    return changed === text || !isList(read) ? undefined : read.filter(isMap);
  }),
];

function objectOf(event: JsonMap): JsonMap {
  const object = event["object"];
  return isMap(object) ? object : {};
}

function eventsAs(events: readonly JsonMap[], from: string, to: string): readonly JsonMap[] | undefined {
  if (!events.some((event) => event["type"] === from)) return undefined;
  return events.map((event) => (event["type"] === from ? { ...event, type: to } : event));
}

const bodies: readonly Fault[] = [
  { name: "no body", apply: (message) => (message.body === "" ? undefined : { ...message, body: "" }) },
  {
    name: "half a body",
    apply: (message) =>
      message.body.length < 2 ? undefined : { ...message, body: message.body.slice(0, message.body.length / 2) },
  },
  {
    name: "an answer in a list",
    apply: (message) => (jsonOf(message.body) === undefined ? undefined : { ...message, body: `[${message.body}]` }),
  },
];

export const faults: readonly Fault[] = [
  ...codes,
  ...headers,
  ...refusals,
  ...metadata,
  ...objects,
  ...lists,
  ...tables,
  ...watches,
  ...bodies,
];
