import type { Store } from "../store/store.ts";
import type { ResolveService } from "./ask-webhook.ts";

interface Endpoints {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  }[];
}

interface Service {
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

/** The first process that is ready behind a service's port. */
export function serviceEndpoints(store: Store): ResolveService {
  const read = <T>(key: string): T | undefined => {
    const stored = store.get(key);
    return stored && (JSON.parse(stored.value.toString("utf8")) as T);
  };
  return (namespace, name, port) => {
    const service = read<Service>(`/registry/core/services/${namespace}/${name}`);
    const wanted = service?.spec?.ports?.find((each) => each.port === port);
    const endpoints = read<Endpoints>(`/registry/core/endpoints/${namespace}/${name}`);
    for (const { addresses = [], ports = [] } of endpoints?.subsets ?? []) {
      const found = ports.find((each) => (each.name ?? "") === (wanted?.name ?? ""));
      const [address] = addresses;
      if (wanted && found && address) return { host: address.ip, port: found.port };
    }
    return undefined;
  };
}
