import assert from "node:assert/strict";
import { test } from "node:test";
import { publishApiEndpoint } from "./api-endpoints.ts";
import { startCluster } from "./cluster.ts";

test("the API says where the API server listens, as long as it listens at an address that an endpoint may name", async (t) => {
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  t.after(() => cluster.close());
  const { client } = cluster;
  const read = async (path: string): Promise<{ status: number; body: unknown }> =>
    client.request({ method: "GET", path: `${path}/kubernetes` });
  const endpoints = "/api/v1/namespaces/default/endpoints";
  const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
  // As at the first start and at one with another port.
  for (const port of [6443, 7443]) {
    await publishApiEndpoint(client, { address: "10.130.0.1", port });
    const { subsets } = (await read(endpoints)).body as {
      subsets: { addresses: { ip: string }[]; ports: { port: number }[] }[];
    };
    assert.deepEqual(subsets, [
      { addresses: [{ ip: "10.130.0.1" }], ports: [{ name: "https", port, protocol: "TCP" }] },
    ]);
    const slice = (await read(slices)).body as { endpoints: { addresses: string[] }[]; ports: { port: number }[] };
    assert.deepEqual([slice.endpoints[0]?.addresses, slice.ports[0]?.port], [["10.130.0.1"], port]);
  }
  // The next run may have the other runtime.
  await publishApiEndpoint(client, undefined);
  assert.deepEqual([(await read(endpoints)).status, (await read(slices)).status], [404, 404]);
  await publishApiEndpoint(client, undefined);
});
