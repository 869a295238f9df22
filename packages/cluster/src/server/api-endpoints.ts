import type { KubeClient } from "@fairway/kube-client";

export interface ApiEndpoint {
  readonly address: string;
  readonly port: number;
}

const name = "kubernetes";
const places = [
  "/api/v1/namespaces/default/endpoints",
  "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
] as const;

/**
 * Says in the API where the API server listens, as every API server does for the service `kubernetes`. No endpoint may name a loopback address: where
 * pods know the API server by no other, there are none.
 */
export async function publishApiEndpoint(client: KubeClient, endpoint: ApiEndpoint | undefined): Promise<void> {
  for (const [index, place] of places.entries()) {
    const body = endpoint === undefined ? undefined : index === 0 ? endpointsOf(endpoint) : sliceOf(endpoint);
    await (body === undefined ? remove(client, place) : put(client, place, body));
  }
}

async function remove(client: KubeClient, place: string): Promise<void> {
  const { status, body } = await client.request({ method: "DELETE", path: `${place}/${name}` });
  if (status >= 300 && status !== 404) throw refused(place, status, body);
}

async function put(client: KubeClient, place: string, body: object): Promise<void> {
  const updated = await client.request({ method: "PUT", path: `${place}/${name}`, body });
  const answer = updated.status === 404 ? await client.request({ method: "POST", path: place, body }) : updated;
  if (answer.status >= 300) throw refused(place, answer.status, answer.body);
}

function refused(place: string, status: number, body: unknown): Error {
  return new Error(`${place}/${name}: the API server answered ${status}: ${JSON.stringify(body)}`);
}

function endpointsOf({ address, port }: ApiEndpoint): object {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: "https", port, protocol: "TCP" }] }],
  };
}

function sliceOf({ address, port }: ApiEndpoint): object {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
}
