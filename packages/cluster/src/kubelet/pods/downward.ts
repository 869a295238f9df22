import { KubeletError } from "../kubelet-error.ts";
import type { Container, Pod, ResourceFieldRef } from "./pod.ts";
import { parseQuantity, quantityInUnits } from "./quantity.ts";

/** What the downward API knows besides the pod's own object. */
export interface DownwardFacts {
  readonly podIps: readonly string[];
  readonly hostIp: string;
  /** What a container without limits may use, e.g. `{ cpu: "2", memory: "8Gi" }`. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/** The value of a `fieldRef`. */
export function fieldValue(pod: Pod, path: string, facts: DownwardFacts): string {
  const subscript = /^metadata\.(annotations|labels)\['(.+)'\]$/u.exec(path);
  if (subscript !== null) {
    const map = subscript[1] === "labels" ? pod.metadata.labels : pod.metadata.annotations;
    return map?.[subscript[2] ?? ""] ?? "";
  }
  switch (path) {
    case "metadata.name":
      return pod.metadata.name;
    case "metadata.namespace":
      return pod.metadata.namespace;
    case "metadata.uid":
      return pod.metadata.uid;
    case "metadata.labels":
      return formatMap(pod.metadata.labels);
    case "metadata.annotations":
      return formatMap(pod.metadata.annotations);
    case "spec.nodeName":
      return pod.spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "";
    case "status.hostIP":
    case "status.hostIPs":
      return facts.hostIp;
    case "status.podIP":
      return facts.podIps[0] ?? "";
    case "status.podIPs":
      return facts.podIps.join(",");
    default:
      throw new KubeletError("config-missing", `unsupported fieldPath: ${path}`);
  }
}

/** `key="value"` lines by key, with the escapes of Go. */
function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(map ?? {}).toSorted();
  return keys.map((key) => `${key}=${goQuote(map?.[key] ?? "")}`).join("\n");
}

function goQuote(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    "\u0007": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
  };
  const escape = (found: string): string =>
    escapes[found] ?? `\\x${(found.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;
  return `"${text.replaceAll(/[\u0000-\u001F\u007F\\"]/gu, escape)}"`;
}

/** The value of a `resourceFieldRef`, in units of its divisor. */
export function resourceValue(
  pod: Pod,
  own: Container | undefined,
  { reference, facts }: { reference: ResourceFieldRef; facts: DownwardFacts },
): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container =
    reference.containerName === undefined ? own : all.find((each) => each.name === reference.containerName);
  if (container === undefined)
    throw new KubeletError("config-missing", `container ${reference.containerName ?? ""} not found`);
  const [kind = "", ...rest] = reference.resource.split(".");
  const resource = rest.join(".");
  const { limits = {}, requests = {} } = container.resources ?? {};
  const given = kind === "limits" ? (limits[resource] ?? facts.allocatable[resource]) : requests[resource];
  const divisor = parseQuantity(reference.divisor ?? "0");
  return String(quantityInUnits(parseQuantity(given ?? "0"), divisor));
}
