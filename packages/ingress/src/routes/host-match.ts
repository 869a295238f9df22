/** `shop.example.org`, as it is compared: without the port, in lower case; an address in brackets stays in them. */
export function hostOf(header: string | undefined): string {
  if (header === undefined) return "";
  const text = header.trim().toLowerCase();
  const end = text.startsWith("[") ? text.indexOf("]") + 1 : text.indexOf(":");
  const host = end <= 0 ? text : text.slice(0, end);
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

/** The hosts of rules that cover a host, the most exact one first: itself, the wildcard for its first label, and any. */
export function hostsCovering(host: string): readonly string[] {
  const dot = host.indexOf(".");
  return dot <= 0 ? [host, ""] : [host, `*${host.slice(dot)}`, ""];
}
