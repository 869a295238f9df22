import { watchObjects } from "@fairway/kube-client";
import type { KubeClient, KubeObject, ObjectChange, ObjectWatch } from "@fairway/kube-client";
import { findEndpoints, isSelected } from "../backends/find-endpoints.ts";
import type { FoundEndpoints } from "../backends/find-endpoints.ts";
import { buildRouteTable } from "../routes/route-table.ts";
import type { RouteTable } from "../routes/route-table.ts";
import type {
  EndpointSliceObject,
  IngressClassObject,
  IngressObject,
  PodObject,
  SecretObject,
  ServiceObject,
  ServicePortName,
} from "./cluster-objects.ts";
import { isOurs } from "./ingress-class.ts";

export interface ClusterViewOptions {
  readonly client: KubeClient;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** Ingresses, their classes or certificates are not as they were. */
  readonly onIngressChange: () => void;
}

/** What the cluster wants to have led where, always as it is now. */
export class ClusterView {
  readonly #options: ClusterViewOptions;
  readonly #watches: ObjectWatch[] = [];
  readonly #ingresses: ObjectWatch<IngressObject>;
  readonly #classes: ObjectWatch<IngressClassObject>;
  readonly #services: ObjectWatch<ServiceObject>;
  readonly #secrets: ObjectWatch<SecretObject>;
  /** By `namespace/service`. */
  readonly #slices = new Map<string, Map<string, EndpointSliceObject>>();
  /** By namespace. */
  readonly #pods = new Map<string, Map<string, PodObject>>();
  readonly #endpoints = new Map<string, FoundEndpoints>();
  #routes: RouteTable | undefined;

  constructor(options: ClusterViewOptions) {
    this.#options = options;
    const networking = "/apis/networking.k8s.io/v1";
    const changed = (): void => {
      this.#routes = undefined;
      options.onIngressChange();
    };
    const forget = (): void => this.#endpoints.clear();
    this.#ingresses = this.#watch(`${networking}/ingresses`, changed);
    this.#classes = this.#watch(`${networking}/ingressclasses`, changed);
    this.#secrets = this.#watch("/api/v1/secrets", () => options.onIngressChange(), {
      fieldSelector: "type=kubernetes.io/tls",
    });
    this.#services = this.#watch("/api/v1/services", forget);
    this.#watch<EndpointSliceObject>("/apis/discovery.k8s.io/v1/endpointslices", (change) => {
      const { namespace = "", labels = {} } = change.object.metadata;
      keep(this.#slices, `${namespace}/${labels["kubernetes.io/service-name"] ?? ""}`, change);
      forget();
    });
    this.#watch<PodObject>("/api/v1/pods", (change) => {
      keep(this.#pods, change.object.metadata.namespace ?? "", change);
      forget();
    });
  }

  get ready(): Promise<void> {
    return Promise.all(this.#watches.map((each) => each.ready)).then(() => undefined);
  }

  get routes(): RouteTable {
    this.#routes ??= buildRouteTable(this.ingresses());
    return this.#routes;
  }

  ingresses(): readonly IngressObject[] {
    const classes = this.classes();
    return this.#ingresses.list().filter((each) => isOurs(each, classes));
  }

  classes(): readonly IngressClassObject[] {
    return this.#classes.list();
  }

  secret(namespace: string, name: string): SecretObject | undefined {
    return this.#secrets.get(namespace, name);
  }

  endpoints(namespace: string, service: string, port: ServicePortName): FoundEndpoints {
    const key = `${namespace}/${service} ${port.name ?? port.number ?? ""}`;
    const known = this.#endpoints.get(key);
    if (known !== undefined) return known;
    const object = this.#services.get(namespace, service);
    const found = findEndpoints(
      {
        service: object,
        slices: [...(this.#slices.get(`${namespace}/${service}`)?.values() ?? [])],
        pods: () =>
          object === undefined
            ? []
            : [...(this.#pods.get(namespace)?.values() ?? [])].filter((pod) => isSelected(pod, object)),
      },
      port,
    );
    this.#endpoints.set(key, found);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.#watches.map((each) => each.close()));
  }

  #watch<T extends KubeObject>(
    path: string,
    onChange: (change: ObjectChange<T>) => void,
    query: Readonly<Record<string, string>> = {},
  ): ObjectWatch<T> {
    const { client, signal, log } = this.#options;
    const onTrouble = (error: unknown): void =>
      log(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    const watch = watchObjects<T>(client, { path, query, onChange, onTrouble, signal });
    this.#watches.push(watch as unknown as ObjectWatch);
    return watch;
  }
}

function keep<T extends KubeObject>(groups: Map<string, Map<string, T>>, key: string, change: ObjectChange<T>): void {
  const group = groups.get(key) ?? new Map<string, T>();
  const name = change.object.metadata.name ?? "";
  if (change.type === "deleted") group.delete(name);
  else group.set(name, change.object);
  if (group.size === 0) groups.delete(key);
  else groups.set(key, group);
}
