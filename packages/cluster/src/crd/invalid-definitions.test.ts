import assert from "node:assert/strict";
import { test } from "node:test";
import { builtInKinds, createKindRegistry, invalidMessage } from "../kinds/index.ts";
import { invalidAttempts } from "../kinds/tests/recorded-answers.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { decodeStrictly, DecodeError } from "../schema/index.ts";
import { definitionKind, DEFINITIONS } from "./definition-kind.ts";

const { group, version, plural } = DEFINITIONS;
const plain = createKindRegistry(builtInKinds).byResource(group, version, plural);
assert.ok(plain);
const kind = definitionKind(plain);

/** What a create says, without admission and storage. */
function refusalOf(body: unknown): string {
  const whole = { kind: kind.kind, apiVersion: `${group}/${version}`, ...(body as object) };
  let object: KubeObject;
  try {
    const decoded = decodeStrictly(kind.schema, JSON.stringify(whole), { typeName: kind.kind });
    if (decoded.problems.length > 0) return decoded.problems.join(", ");
    object = decoded.object as unknown as KubeObject;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  kind.strategy.setDefaults(object);
  kind.strategy.prepareForCreate(object, { name: "somebody", groups: [] });
  const errors = kind.strategy.validate(object);
  return errors.length === 0 ? "" : invalidMessage(kind, object.metadata.name ?? "", errors);
}

test("what is wrong with a definition is said in the words of the real server", () => {
  const attempts = invalidAttempts().filter(({ file }) => file === "custom-resource-definition");
  assert.ok(attempts.length > 30);
  for (const { title, object, answer } of attempts) {
    const expected = answer.status === 201 ? "" : (answer.body.message ?? "");
    const found = refusalOf(object);
    assert.ok(
      found === expected || (answer.status === 400 && expected.endsWith(found)),
      `${title}\n${expected}\n${found}`,
    );
  }
});
