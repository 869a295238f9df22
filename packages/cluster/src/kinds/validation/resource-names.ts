import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "./errors.ts";
import { qualifiedName } from "./names.ts";

const HUGE_PAGES = "hugepages-";
const containerResources = new Set(["cpu", "memory", "ephemeral-storage"]);
const countedResources = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);
const quotaResources = new Set([
  ...containerResources,
  ...countedResources,
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
]);

/** Names without a domain, and those of Kubernetes itself. */
function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

function isExtended(name: string): boolean {
  if (isNative(name) || name.startsWith("requests.")) return false;
  return qualifiedName(`requests.${name}`).length === 0;
}

function isQuotaHugePages(name: string): boolean {
  return name.startsWith(HUGE_PAGES) || name.startsWith(`requests.${HUGE_PAGES}`);
}

/** Only whole ones can be had. */
export function isCounted(name: string): boolean {
  return countedResources.has(name) || isExtended(name);
}

/** More of it may be promised than there is. */
export function canOvercommit(name: string): boolean {
  return isNative(name) && !name.startsWith(HUGE_PAGES);
}

export function isQuotaResource(name: string): boolean {
  return quotaResources.has(name) || isQuotaHugePages(name);
}

export function validateResourceName(name: string, field: string, errors: FieldError[] = []): FieldError[] {
  const messages = qualifiedName(name);
  for (const message of messages) errors.push(invalid(field, name, message));
  if (messages.length === 0 && !name.includes("/") && name !== "storage" && !isQuotaResource(name))
    errors.push(invalid(field, name, "must be a standard resource type or fully qualified"));
  return errors;
}

export function validateContainerResource(name: string, field: string, errors: FieldError[] = []): FieldError[] {
  if (containerResources.has(name)) return errors;
  validateResourceName(name, field, errors);
  if (!name.includes("/") && !name.startsWith(HUGE_PAGES))
    errors.push(invalid(field, name, "must be a standard resource for containers"));
  else if (name.includes("/") && !isNative(name) && !isExtended(name))
    errors.push(invalid(field, name, "doesn't follow extended resource name standard"));
  return errors;
}
