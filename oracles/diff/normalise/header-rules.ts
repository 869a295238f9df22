// The headers that clients look at. Of some only that they are there: their values are ids, dates and hashes.
const compared = new Set([
  "allow",
  "cache-control",
  "content-encoding",
  "content-type",
  "location",
  "retry-after",
  "vary",
  "warning",
  "www-authenticate",
  "x-content-type-options",
]);

const presence = new Set([
  "audit-id",
  "date",
  "etag",
  "last-modified",
  "x-kubernetes-pf-flowschema-uid",
  "x-kubernetes-pf-prioritylevel-uid",
]);

export function comparableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (compared.has(name)) return [[name, value]];
    return presence.has(name) ? [[name, "present"]] : [];
  });
  return Object.fromEntries(kept.sort(([left], [right]) => (left < right ? -1 : 1)));
}
