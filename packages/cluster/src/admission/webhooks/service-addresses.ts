import type { KubeObject } from "../../object/kube-object.ts";
import type { StoredObjects } from "../stored-objects.ts";
import type { FindService } from "./call-webhook.ts";

interface Service extends KubeObject {
  spec?: {
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
    readonly externalName?: string;
  };
}

interface Slice extends KubeObject {
  ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
  endpoints?:
    | readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[]
    | null;
}

/** The first process that is ready behind a service's port. */
export function serviceAddresses(objects: StoredObjects): FindService {
  return (namespace, name, port) => {
    const [service] = objects.read<Service>("services", namespace, name);
    if (!service) return `service ${JSON.stringify(name)} not found`;
    const wanted = service.spec?.ports?.find((each) => each.port === port);
    if (!wanted) return `no service port ${port} found for service ${JSON.stringify(name)}`;
    for (const { metadata, ports, endpoints } of objects.read<Slice>("endpointslices.discovery.k8s.io", namespace)) {
      if (metadata.labels?.["kubernetes.io/service-name"] !== name) continue;
      const found = ports?.find((each) => (each.name ?? "") === (wanted.name ?? ""))?.port;
      const host = endpoints?.find(({ conditions }) => conditions?.ready !== false)?.addresses[0];
      if (found !== undefined && host !== undefined) return { host, port: found };
    }
    return `no endpoints available for service ${JSON.stringify(name)}`;
  };
}
