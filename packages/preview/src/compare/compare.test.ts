import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeAll } from "@fairway/yaml";
import { manifestsOf } from "../manifest.ts";
import { comparableObjects, compareObjects } from "./compare.ts";
import { defaultNoise, noiseOfApplication, pathOfPointer, type NoiseRule } from "./noise.ts";
import { SecretMask } from "./secret-mask.ts";

function compared(before: string, after: string, noise: readonly NoiseRule[] = defaultNoise): readonly string[] {
  const options = { cluster: "c", defaultNamespace: "shop", noise, mask: new SecretMask() };
  const objects = (text: string) => comparableObjects(manifestsOf(decodeAll(text)), options);
  return compareObjects(objects(before), objects(after)).map(
    ({ change: { change, kind, name, lines } }) =>
      `${change} ${kind}/${name}: ${(lines ?? [])
        .filter((line) => line.sign !== " ")
        .map((line) => line.sign + line.text.trim())
        .join(" ")}`,
  );
}

const pod = (spec: string) => `{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${spec}}`;
const labelled = (labels: string, more = "") =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, labels: ${labels}}, spec: {replicas: 1${more}}}`;

describe("objects whose names hold a hash of their content", () => {
  const map = (name: string, value: string) =>
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: {x: '${value}'}}`;

  it("are the same object with other content", () => {
    assert.deepEqual(compared(map("cm-4549kt477d", "1"), map("cm-28k6k2h65c", "2")), [
      'changed ConfigMap/cm-28k6k2h65c: -x: "1" +x: "2" -name: cm-4549kt477d +name: cm-28k6k2h65c',
    ]);
  });

  it("are told apart when several have the name", () => {
    const two = [map("cm-4549kt477d", "1"), map("cm-5549kt477d", "1")].join("\n---\n");
    assert.deepEqual(
      compared(two, map("cm-28k6k2h65c", "2")).map((each) => each.split(":")[0]),
      ["added ConfigMap/cm-28k6k2h65c", "removed ConfigMap/cm-4549kt477d", "removed ConfigMap/cm-5549kt477d"],
    );
  });
});

describe("what is no change", () => {
  const same: Readonly<Record<string, readonly [string, string]>> = {
    "keys in another order": [
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1', y: '2'}}",
      "data: {y: '2', x: '1'}\nmetadata: {name: a}\nkind: ConfigMap\napiVersion: v1",
    ],
    "environment variables in another order": [
      pod("{containers: [{name: c, env: [{name: A, value: a}, {name: B, value: b}]}]}"),
      pod("{containers: [{name: c, env: [{name: B, value: b}, {name: A, value: a}]}]}"),
    ],
    "volumes, mounts and ports in another order": [
      pod(
        "{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: c, ports: [{containerPort: 80}, {containerPort: 443}], volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}]}]}",
      ),
      pod(
        "{volumes: [{name: b, emptyDir: {}}, {name: a, emptyDir: {}}], containers: [{name: c, ports: [{containerPort: 443}, {containerPort: 80}], volumeMounts: [{name: b, mountPath: /b}, {name: a, mountPath: /a}]}]}",
      ),
    ],
    "two expressions of one key in another order": [
      pod("{affinity: {matchExpressions: [{key: k, operator: In, values: [a]}, {key: k, operator: In, values: [b]}]}}"),
      pod("{affinity: {matchExpressions: [{key: k, operator: In, values: [b]}, {key: k, operator: In, values: [a]}]}}"),
    ],
    "documents in another order, with comments and a List around them": [
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}",
      "# both\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: b}}\n- {apiVersion: v1, kind: Service, metadata: {name: a}}",
    ],
    "a namespace that the destination gives anyway": [
      "{apiVersion: v1, kind: Service, metadata: {name: a}}",
      "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}}",
    ],
    "nulls and empty labels": [labelled("{}", ", paused: null"), labelled("null")],
    "the version of the chart in a label": [
      labelled("{app: d, helm.sh/chart: shop-1.0.0}"),
      labelled("{app: d, helm.sh/chart: shop-1.0.1}"),
    ],
  };
  for (const [name, [before, after]] of Object.entries(same)) {
    it(name, () => assert.deepEqual(compared(before, after), []));
  }
});

describe("what is a change", () => {
  it("another version of the API of the same object", () => {
    assert.deepEqual(
      compared(
        "{apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: a}}",
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}}",
      ),
      ["changed PodDisruptionBudget/a: -apiVersion: policy/v1beta1 +apiVersion: policy/v1"],
    );
  });

  it("the order of environment variables that refer to one another", () => {
    const [before, after] = [
      pod("{containers: [{name: c, env: [{name: B, value: b}, {name: A, value: $(B)}]}]}"),
      pod("{containers: [{name: c, env: [{name: A, value: $(B)}, {name: B, value: b}]}]}"),
    ];
    assert.equal(compared(before, after).length, 1);
  });

  it("the order of arguments and of init containers", () => {
    const before = pod("{initContainers: [{name: a}, {name: b}], containers: [{name: c, args: [a, b]}]}");
    const after = pod("{initContainers: [{name: b}, {name: a}], containers: [{name: c, args: [b, a]}]}");
    assert.match(compared(before, after).join(), /-- a|-- name: a/);
  });

  it("an empty map that means something", () => {
    assert.deepEqual(compared(pod("{volumes: [{name: a, emptyDir: {}}]}"), pod("{volumes: [{name: a}]}")), [
      "changed Pod/p: -- emptyDir: {} -name: a +- name: a",
    ]);
  });

  it("a name: one object goes and another comes", () => {
    const service = (name: string) => `{apiVersion: v1, kind: Service, metadata: {name: ${name}}}`;
    assert.deepEqual(
      compared(service("a"), service("b")).map((each) => each.split(":")[0]),
      ["added Service/b", "removed Service/a"],
    );
  });

  it("a label beside that of the chart", () => {
    assert.equal(compared(labelled("{app: d, helm.sh/chart: a}"), labelled("{app: e, helm.sh/chart: b}")).length, 1);
  });
});

describe("noise rules", () => {
  const before = labelled(
    "{app: d}",
    ", template: {spec: {containers: [{name: a, image: x:1}, {name: b, image: y:1}]}}",
  );
  const after = labelled(
    "{app: d}",
    ", template: {spec: {containers: [{name: a, image: x:2}, {name: b, image: y:2}]}}",
  );
  const path = ["spec", "template", "spec", "containers", "*", "image"];

  it("go through every item of a list", () => assert.deepEqual(compared(before, after, [{ path }]), []));

  it("pass over other kinds, names and fields", () => {
    assert.equal(compared(before, after, [{ kind: "StatefulSet", path }]).length, 1);
    assert.equal(compared(before, after, [{ name: "other", path }]).length, 1);
    assert.equal(compared(before, after, [{ path: [...path, "more"] }]).length, 1);
    assert.equal(compared(before, after, [{ path: [...path.slice(0, 4), "0", "image"] }]).length, 1);
  });

  it("follow ignoreDifferences as Argo CD reads them: no group is the core group, a star is any", () => {
    const rules = (entry: string) => noiseOfApplication(decodeAll(`[${entry}]`)[0] as never);
    const replicas = labelled("{app: d}").replace("replicas: 1", "replicas: 5");
    const pointer = "jsonPointers: [/spec/replicas]";
    const left = (entry: string) => compared(labelled("{app: d}"), replicas, rules(entry).rules).length;
    assert.equal(left(`{group: apps, kind: Deployment, ${pointer}}`), 0);
    assert.equal(left(`{group: apps, kind: Deployment, name: "", ${pointer}}`), 0);
    assert.equal(left(`{group: "*", kind: "*", ${pointer}}`), 0);
    assert.equal(left(`{group: apps, kind: Dep*, namespace: shop, ${pointer}}`), 0);
    assert.equal(left(`{kind: Deployment, ${pointer}}`), 1);
    assert.equal(left(`{group: apps, kind: Deployment, namespace: other, ${pointer}}`), 1);
    assert.equal(rules("{group: apps, kind: Deployment, jqPathExpressions: [.spec, .status]}").notApplied, 2);
  });

  it("reads JSON pointers", () => {
    assert.deepEqual(pathOfPointer("/metadata/labels/helm.sh~1chart"), ["metadata", "labels", "helm.sh/chart"]);
    assert.deepEqual(pathOfPointer("/a~01"), ["a~1"]);
  });
});

describe("secrets", () => {
  const secret = (data: string) => `{apiVersion: v1, kind: Secret, metadata: {name: s}, ${data}}`;
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  it("show that a value changes, and neither the value nor its length", () => {
    const [change = ""] = compared(
      secret(`data: {a: ${base64("hunter2")}, b: ${base64("same")}}`),
      secret(`data: {a: ${base64("correct horse")}, b: ${base64("same")}}`),
    );
    assert.equal(change, "changed Secret/s: -a: (hidden value 1) +a: (hidden value 3)");
  });

  it("take the same text in data and in stringData for the same, as the API server does", () => {
    assert.deepEqual(compared(secret(`data: {a: ${base64("same")}}`), secret("stringData: {a: same}")), []);
    assert.deepEqual(
      compared(secret(`data: {a: ${base64("same")}}`), secret(`data: {a: b2xk}, stringData: {a: same}`)),
      [],
    );
  });

  it("hide what kubectl applied last", () => {
    const annotated = (value: string) =>
      `{apiVersion: v1, kind: Secret, metadata: {name: s, annotations: {kubectl.kubernetes.io/last-applied-configuration: ${value}}}}`;
    assert.deepEqual(compared(annotated("hunter2"), annotated("hunter3")), []);
    assert.doesNotMatch(compared("", annotated("hunter2")).join(), /hunter/);
  });
});
