import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DecodeError } from "./decode-error.ts";
import { decodeParsed, decodeStrictly } from "./decode-strictly.ts";
import { objectSchema } from "./library.ts";

const pod = objectSchema("io.k8s.api.core.v1.Pod");
const claim = objectSchema("io.k8s.api.core.v1.PersistentVolumeClaim");
const review = objectSchema("io.k8s.api.authorization.v1.SubjectAccessReview");
const revision = objectSchema("io.k8s.api.apps.v1.ControllerRevision");

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  assert.fail("it was read");
}

const podOf = (spec: string): string => `{"kind":"Pod","metadata":{"name":"web"},"spec":${spec}}`;

describe("decodeStrictly", () => {
  test("fields that say nothing go, and what is always written comes at the end", () => {
    const { object, problems } = decodeStrictly(
      pod,
      '{"kind":"Pod","status":null,"metadata":{"creationTimestamp":null,"name":"web","labels":{}},"spec":{"containers":[{"image":"","env":[{"value":"","name":"A"}]}]}}',
    );
    assert.equal(
      JSON.stringify(object),
      '{"kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"env":[{"name":"A"}],"name":"","resources":{}}]},"status":{}}',
    );
    assert.deepEqual(problems, []);
  });

  test("amounts and times are written in their one form, also in maps", () => {
    const { object } = decodeStrictly(
      claim,
      '{"metadata":{"creationTimestamp":"2026-01-02T04:04:05+01:00"},"spec":{"resources":{"requests":{"storage":"1024Mi","other":null}}}}',
    );
    assert.deepEqual(object["metadata"], { creationTimestamp: "2026-01-02T03:04:05Z" });
    assert.deepEqual(object["spec"], { resources: { requests: { storage: "1Gi", other: "0" } } });
  });

  test("an unknown field is named with the indexes on its way and taken out", () => {
    const { object, problems } = decodeStrictly(
      pod,
      podOf('{"containers":[{"name":"a"},{"nope":{"x":1},"name":"b"}]}'),
    );
    assert.deepEqual(problems, ['unknown field "spec.containers[1].nope"']);
    assert.deepEqual(object["spec"], {
      containers: [
        { name: "a", resources: {} },
        { name: "b", resources: {} },
      ],
    });
  });

  test("another type is told with the innermost struct and its fields, without indexes", () => {
    assert.equal(
      refusal(() => decodeStrictly(pod, podOf('{"containers":[{"name":"a"},{"name":5}]}'))),
      "json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string",
    );
    assert.equal(
      refusal(() => decodeStrictly(pod, podOf('{"containers":["a"]}'))),
      "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container",
    );
    assert.equal(
      refusal(() => decodeStrictly(pod, podOf('{"terminationGracePeriodSeconds":1.5}'))),
      "json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64",
    );
  });

  test("keys of maps are no fields of Go, and the root is named as it is told", () => {
    assert.equal(
      refusal(() => decodeStrictly(review, '{"spec":{"extra":{"scopes":["a",1]}}}')),
      "json: cannot unmarshal number into Go struct field SubjectAccessReviewSpec.spec.extra of type string",
    );
    assert.equal(
      refusal(() => decodeStrictly(pod, '{"kind":5}', { typeName: "Thing" })),
      "json: cannot unmarshal number into Go struct field Thing.kind of type string",
    );
  });

  test("a field that is there twice is found wherever it is: in what is known, unknown or free", () => {
    assert.deepEqual(decodeStrictly(pod, podOf('{"nodeName":"a","nodeName":"b"}')).problems, [
      'duplicate field "spec.nodeName"',
    ]);
    assert.deepEqual(decodeStrictly(pod, podOf('{"nope":[{"x":1,"x":1}]}')).problems, [
      'unknown field "spec.nope"',
      'duplicate field "spec.nope[0].x"',
    ]);
    assert.deepEqual(decodeStrictly(revision, '{"data":{"a":{"b":1,"b":2}},"revision":1}').problems, [
      'duplicate field "data.a.b"',
    ]);
  });

  test("a field that is there twice is found beside keys and values that look like the end of one", () => {
    const texts = [
      '{"data":{"a\\\\":1,"b":1,"b":2}}',
      '{"data":{"a":":x","b" :1,"b"\n:2}}',
      '{"data":{"a\\"":"\\":","b":1,"b":2}}',
    ];
    for (const text of texts)
      assert.deepEqual(decodeStrictly(revision, text).problems, ['duplicate field "data.b"'], text);
  });

  test("what is written once is never taken for twice", () => {
    const text =
      '{"metadata":{"labels":{"a":"x:\\"y\\":","b":":8080","__proto__":"z","":null}},"data":{"a":[{"b":[]},{}],"\\"c\\"":{"d":null}}, "revision" : 1}';
    const { object, problems } = decodeStrictly(revision, text);
    assert.deepEqual(problems, []);
    assert.equal(JSON.stringify(object["metadata"]), '{"labels":{"a":"x:\\"y\\":","b":":8080","__proto__":"z","":""}}');
  });
});

describe("decodeParsed", () => {
  test("leaves what it reads as it is, and shares no part of it that can change", () => {
    const text = podOf(
      '{"nodeSelector":{"a":"b"},"containers":[{"name":"a","image":"","resources":{"limits":{"cpu":"0.5"}}}],"nope":1}',
    );
    const parsed = JSON.parse(text) as {
      spec: { nodeSelector: Record<string, string>; containers: { name: string }[] };
    };
    const { object, problems } = decodeParsed(pod, parsed);
    assert.equal(JSON.stringify(parsed), text);
    assert.deepEqual(problems, ['unknown field "spec.nope"']);
    parsed.spec.nodeSelector["a"] = "changed";
    parsed.spec.containers.push({ name: "more" });
    assert.deepEqual(object["spec"], {
      nodeSelector: { a: "b" },
      containers: [{ name: "a", resources: { limits: { cpu: "500m" } } }],
    });
  });
});
