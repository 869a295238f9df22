import assert from "node:assert/strict";
import { test } from "node:test";
import { compareClusters, type Side } from "./compare-clusters.ts";
import type { ClusterObject } from "./read-objects.ts";

interface Particulars {
  readonly id: string;
  readonly address: string;
  readonly registry: string;
  readonly time: string;
}

const one: Particulars = {
  id: "a1",
  address: "10.1.0.7",
  registry: "127.0.0.1:5000/shop",
  time: "2026-01-01T00:00:00Z",
};
const other: Particulars = { id: "zz", address: "127.3.0.9", registry: "ghcr.io/shop", time: "2026-02-02T02:02:02.5Z" };

/** A deployment of two pods behind a service, as a cluster with these particulars has it. */
function shop({ id, address, registry, time }: Particulars): Side & { readonly objects: ClusterObject[] } {
  const owned = (kind: string, name: string) => [{ kind, name, uid: `uid-${id}-${kind}-${name}`, controller: true }];
  const named = (kind: string, name: string, rest: object, metadata: object = {}): ClusterObject => ({
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      namespace: "shop",
      uid: `uid-${id}-${kind}-${name}`,
      resourceVersion: id,
      creationTimestamp: time,
      ...metadata,
    },
    ...rest,
  });
  const set = `web-${id}`;
  const hash = { labels: { "pod-template-hash": id } };
  const pod = (end: string, image: string) =>
    named(
      "Pod",
      `${set}-${end}${id}`,
      {
        spec: { nodeName: `node-${id}`, containers: [{ image }] },
        status: { podIP: address, containerStatuses: [{ user: {} }] },
      },
      { ...hash, ownerReferences: owned("ReplicaSet", set) },
    );
  const pods = [pod("x", `${registry}/web:1`), pod("y", `${registry}/web:2`)];
  return {
    registry,
    nodes: [`node-${id}`],
    groups: new Set(["metrics.k8s.io"]),
    objects: [
      named("Deployment", "web", { spec: { replicas: 2 }, status: { text: `ReplicaSet "${set}" is there` } }),
      named("ReplicaSet", set, { spec: { replicas: 2 } }, { ...hash, ownerReferences: owned("Deployment", "web") }),
      // In the other order in the other cluster.
      ...(id === "a1" ? pods : pods.toReversed()),
      named("Secret", "web", { data: { password: id }, type: "Opaque" }),
    ],
  };
}

const differing = (left: Side, right: Side): readonly string[] =>
  compareClusters(left, right).different.flatMap(({ object, differences }) =>
    differences.map(({ path }) => `${object}: ${path}`),
  );

test("clusters that differ in nothing but what is theirs by nature have the same objects", () => {
  assert.deepEqual(compareClusters(shop(one), shop(other)), { compared: 5, different: [], leftOut: [] });
});

test("how often its controller wrote an EndpointSlice is no difference, what is in it is one", () => {
  const withSlice = (side: ReturnType<typeof shop>, generation: number, port: number): Side => {
    const metadata = { name: "web-slice", namespace: "shop", uid: `uid-slice-${side.registry}`, generation };
    const slice = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, ports: [{ port }] };
    return { ...side, objects: [...side.objects, slice] };
  };
  assert.deepEqual(differing(withSlice(shop(one), 3, 80), withSlice(shop(other), 2, 80)), []);
  assert.equal(differing(withSlice(shop(one), 3, 80), withSlice(shop(other), 3, 81)).length, 1);
});

test("everything else is a difference, and has a name and a path", () => {
  const changed = shop(other);
  changed.objects[0] = { ...(changed.objects[0] as ClusterObject), spec: { replicas: 3 } };
  const secret = changed.objects[4] as ClusterObject;
  changed.objects[4] = { ...secret, data: { password: "x", user: "y" } };
  assert.deepEqual(differing(shop(one), changed), ["Deployment shop/web: spec.replicas", "Secret shop/web: data[1]"]);
});

test("an object that one cluster alone has is a difference, also among siblings whose names are made up", () => {
  const less = shop(other);
  const [gone] = less.objects.splice(2, 1);
  assert.match(gone?.metadata.name ?? "", /^web-zz-yzz$/u);
  assert.deepEqual(differing(shop(one), less), ["Pod shop/web-(1)-(2): "]);
});

test("where one cluster measures nothing, what autoscalers say is left out and said to be", () => {
  const scaled = (side: Side, replicas: number, groups: readonly string[]): Side => {
    const [first] = side.objects;
    const metadata = { ...(first?.metadata ?? { name: "" }), uid: "uid-of-it", name: "scaled" };
    const scaler: ClusterObject = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata,
      status: { replicas },
    };
    return { ...side, groups: new Set(groups), objects: [...side.objects, scaler] };
  };
  const measured = ["metrics.k8s.io"];
  assert.equal(differing(scaled(shop(one), 1, measured), scaled(shop(other), 2, measured)).length, 1);
  const { different, leftOut } = compareClusters(scaled(shop(one), 1, []), scaled(shop(other), 2, measured));
  assert.deepEqual([different.length, leftOut.length], [0, 1]);
});

test("as whom containers run is left out where one cluster does not say it", () => {
  const silent = shop(one);
  silent.objects[2] = {
    ...(silent.objects[2] as ClusterObject),
    status: { podIP: one.address, containerStatuses: [{}] },
  };
  assert.equal(differing(silent, shop(other)).length, 1);
  silent.objects[3] = {
    ...(silent.objects[3] as ClusterObject),
    status: { podIP: one.address, containerStatuses: [{}] },
  };
  const { different, leftOut } = compareClusters(silent, shop(other));
  assert.deepEqual([different.length, leftOut.length], [0, 1]);
});
