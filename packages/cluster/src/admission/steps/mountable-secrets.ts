import type { Container, PodSpec } from "../pod-shape.ts";
import type { ServiceAccount } from "./service-account.ts";

/** For accounts that name the secrets that their pods may use. The answer is why not, or undefined. */
export function refuseSecrets(account: ServiceAccount, spec: PodSpec, which: "all" | "ephemeral"): string | undefined {
  const known = new Set(account.secrets?.map(({ name }) => name));
  const owner = `service account ${account.metadata.name ?? ""}`;
  const end = `is not allowed because ${owner} does not reference that secret`;
  if (which === "ephemeral") return refuseOfContainers("ephemeral container", spec.ephemeralContainers, { known, end });
  const volume = spec.volumes?.find(({ secret }) => secret && !known.has(secret.secretName));
  if (volume) return `volume with secret.secretName="${volume.secret?.secretName ?? ""}" ${end}`;
  const ofContainers =
    refuseOfContainers("init container", spec.initContainers, { known, end }) ??
    refuseOfContainers("container", spec.containers ?? undefined, { known, end });
  if (ofContainers !== undefined) return ofContainers;
  const pulled = new Set(account.imagePullSecrets?.map(({ name }) => name));
  const index = spec.imagePullSecrets?.findIndex(({ name }) => !pulled.has(name)) ?? -1;
  if (index === -1) return undefined;
  const name = spec.imagePullSecrets?.[index]?.name ?? "";
  return `imagePullSecrets[${index}].name="${name}" is not allowed because ${owner} does not reference that imagePullSecret`;
}

function refuseOfContainers(
  what: string,
  containers: readonly Container[] | undefined,
  { known, end }: { readonly known: ReadonlySet<string | undefined>; readonly end: string },
): string | undefined {
  for (const { name, env = [], envFrom = [] } of containers ?? []) {
    const variable = env.find(({ valueFrom }) => valueFrom?.secretKeyRef && !known.has(valueFrom.secretKeyRef.name));
    if (variable)
      return `${what} ${name} with envVar ${variable.name} referencing secret.secretName="${variable.valueFrom?.secretKeyRef?.name ?? ""}" ${end}`;
    const source = envFrom.find(({ secretRef }) => secretRef && !known.has(secretRef.name));
    if (source)
      return `${what} ${name} with envFrom referencing secret.secretName="${source.secretRef?.name ?? ""}" ${end}`;
  }
  return undefined;
}
