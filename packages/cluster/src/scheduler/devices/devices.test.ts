import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Node } from "../../model/node.ts";
import type {
  Device,
  DeviceConstraint,
  DeviceRequest,
  ExactDeviceRequest,
} from "../../schema/data/types/resource-v1.ts";
import { allocationResult } from "./allocation-result.ts";
import type { DeviceClass, ResourceClaim, ResourceSlice } from "../../model/device-objects.ts";
import { matchesSelector } from "./device-selector.ts";
import { DeviceSearchError, findDevices } from "./find-devices.ts";

const driver = "gpu.example.com";
const meta = { apiVersion: "resource.k8s.io/v1", kind: "x" };

function gpu(name: string, model: string, memory = "40Gi"): Device {
  return { name, attributes: { model: { string: model } }, capacity: { memory: { value: memory } } };
}

function slice(devices: readonly Device[], pool: Partial<ResourceSlice["spec"]["pool"]> = {}): ResourceSlice {
  const spec = {
    driver,
    nodeName: "here",
    pool: { name: "here", generation: 1, resourceSliceCount: 1, ...pool },
    devices: [...devices],
  };
  return { ...meta, metadata: { name: "s" }, spec };
}

function claim(requests: DeviceRequest[], constraints: DeviceConstraint[] = [], name = "c"): ResourceClaim {
  return { ...meta, metadata: { name, namespace: "n", uid: name }, spec: { devices: { requests, constraints } } };
}

function one(name: string, more: Partial<ExactDeviceRequest> = {}): DeviceRequest {
  return { name, exactly: { deviceClassName: "gpu", allocationMode: "ExactCount", count: 1, ...more } };
}

const selects = (expression: string) => ({ selectors: [{ cel: { expression } }] });
const isModel = (model: string) => selects(`device.attributes["${driver}"].model == "${model}"`);
const gpuClass: DeviceClass = { ...meta, metadata: { name: "gpu" }, spec: selects(`device.driver == "${driver}"`) };
const node: Node = { apiVersion: "v1", kind: "Node", metadata: { name: "here" } };

function find(claims: readonly ResourceClaim[], slices: readonly ResourceSlice[], taken: readonly string[] = []) {
  const classOf = () => gpuClass;
  const isTaken = (device: string) => taken.includes(device);
  const found = findDevices({ node, claims, slices, classOf, isTaken });
  return found?.map((each) => each.map(({ request, device }) => `${request}=${device.name}`));
}

describe("devices for claims", () => {
  const three = slice([gpu("a", "old"), gpu("b", "old"), gpu("c", "new", "80Gi")]);

  test("each request gets devices that its class and its selectors want, and none twice", () => {
    assert.deepEqual(find([claim([one("x", isModel("new")), one("y", { count: 2 })])], [three]), [
      ["x=c", "y=a", "y=b"],
    ]);
    assert.deepEqual(find([claim([one("x")]), claim([one("x")], [], "d")], [three]), [["x=a"], ["x=b"]]);
    assert.deepEqual(find([claim([one("x")])], [three], [`${driver}/here/a`]), [["x=b"]]);
  });

  test("what was given first is taken back when the next request would go without", () => {
    assert.deepEqual(find([claim([one("x"), one("y", isModel("old"))])], [slice([gpu("a", "old"), gpu("b", "new")])]), [
      ["x=b", "y=a"],
    ]);
  });

  test("there are none when there are too few, or they are another node's", () => {
    assert.equal(find([claim([one("x", { count: 4 })])], [three]), undefined);
    const elsewhere = { ...three, spec: { ...three.spec, nodeName: "there" } };
    assert.equal(find([claim([one("x")])], [elsewhere]), undefined);
  });

  test("a request for all takes all that fit, and fails when one of them is taken", () => {
    const all: DeviceRequest = {
      name: "x",
      exactly: { deviceClassName: "gpu", allocationMode: "All", ...isModel("old") },
    };
    assert.deepEqual(find([claim([all])], [three]), [["x=a", "x=b"]]);
    assert.equal(find([claim([all])], [three], [`${driver}/here/b`]), undefined);
  });

  test("the first alternative that can be had is taken", () => {
    const either: DeviceRequest = {
      name: "x",
      firstAvailable: [
        { name: "many", deviceClassName: "gpu", allocationMode: "ExactCount", count: 7 },
        { name: "one", deviceClassName: "gpu", allocationMode: "ExactCount", count: 1 },
      ],
    };
    assert.deepEqual(find([claim([either])], [three]), [["x/one=a"]]);
  });

  test("devices that have to be alike are alike", () => {
    const alike = [{ matchAttribute: `${driver}/model` }];
    const mixed = slice([gpu("a", "old"), gpu("b", "new"), gpu("c", "new")]);
    assert.deepEqual(find([claim([one("x", { count: 2 })], alike)], [mixed]), [["x=b", "x=c"]]);
    assert.equal(find([claim([one("x", { count: 3 })], alike)], [mixed]), undefined);
  });

  test("only the newest description of a pool counts, and only when it is whole", () => {
    const newer = slice([gpu("z", "new")], { generation: 2 });
    assert.deepEqual(find([claim([one("x")])], [three, newer]), [["x=z"]]);
    assert.equal(find([claim([one("x")])], [slice([gpu("a", "old")], { resourceSliceCount: 2 })]), undefined);
    assert.throws(() => find([claim([one("x")])], [slice([gpu("a", "old"), gpu("a", "old")])]), {
      code: "pool",
      message: "invalid resource pools were encountered",
    });
  });

  test("a selector that fails is told with its place", () => {
    const broken = claim([one("x", selects(`device.attributes["${driver}"].none == "y"`))]);
    assert.throws(
      () => find([broken], [three]),
      (error) =>
        error instanceof DeviceSearchError &&
        error.message === "claim n/c: selector #0: CEL runtime error: no such key: none",
    );
  });

  test("the search among very many alike devices ends", () => {
    const many = slice(Array.from({ length: 128 }, (_, index) => gpu(`d${index}`, "old")));
    const requests = [one("x", { count: 16 }), one("y", { count: 1, ...isModel("new") })];
    assert.equal(find([claim(requests)], [many]), undefined);
  });

  test("selectors speak of amounts, versions and domains that a device has nothing of", () => {
    const device: Device = {
      name: "a",
      attributes: { v: { version: "1.2.3" }, "other.org/x": { int: 4 }, on: { bool: true } },
      capacity: { memory: { value: "80Gi" } },
    };
    const holds = (expression: string) => matchesSelector(expression, driver, device);
    for (const expression of [
      `device.capacity["${driver}"].memory.compareTo(quantity("40Gi")) > 0`,
      `device.attributes["${driver}"].v.isLessThan(semver("2.0.0"))`,
      `device.attributes["other.org"].x == 4 && device.attributes["${driver}"].on`,
      `device.attributes["none"].size() == 0 && !("none" in device.attributes)`,
      `cel.bind(own, device.attributes["${driver}"], own.on)`,
    ])
      assert.deepEqual(holds(expression), { kind: "answer", matches: true }, expression);
    assert.equal(holds("device.driver").kind, "broken");
  });

  test("a claim is told its devices, what its class and itself configure, and where they can be reached", () => {
    const opaque = (x: number) => ({ opaque: { driver, parameters: { x } } });
    const asks = claim([one("x")]);
    asks.spec.devices.config = [opaque(1), { requests: ["y"], ...opaque(2) }];
    const given = [{ request: "x", className: "gpu", slice: three, device: gpu("a", "old"), hasAdminAccess: false }];
    const configured = () => ({ ...gpuClass, spec: { config: [opaque(3)] } });
    assert.deepEqual(allocationResult(asks, given, configured), {
      devices: {
        results: [{ request: "x", driver, pool: "here", device: "a" }],
        config: [
          { source: "FromClass", requests: ["x"], ...opaque(3) },
          { source: "FromClaim", ...opaque(1) },
        ],
      },
      nodeSelector: {
        nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["here"] }] }],
      },
    });
  });
});
