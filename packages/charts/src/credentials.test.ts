import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialsFromDockerConfig, credentialsInAddress } from "./credentials.ts";
import { printableAddress } from "./printable-address.ts";
import { parseChallenge } from "./registry-challenge.ts";
import { failure } from "./tests/chart-world.ts";

const config = (auths: unknown) => credentialsFromDockerConfig(JSON.stringify({ auths }));
const auth = Buffer.from("ann:ge:heim").toString("base64");
const ann = { username: "ann", password: "ge:heim" };

test("credentials are found by host and port, however the address was written", () => {
  const find = config({
    "https://registry.example.com/v2/": { auth },
    "127.0.0.1:5000": { username: "ann", password: "ge:heim" },
    "empty.example.com": {},
    "odd.example.com": 7,
    "broken.example.com": { auth: "????" },
  });
  assert.deepEqual(find("registry.example.com"), ann);
  assert.deepEqual(find("127.0.0.1:5000"), ann);
  for (const host of ["127.0.0.1", "empty.example.com", "odd.example.com", "broken.example.com", "example.com"]) {
    assert.equal(find(host), undefined);
  }
});

test("Docker's own registry is found under each of its names", () => {
  assert.deepEqual(config({ "https://index.docker.io/v1/": { auth } })("registry-1.docker.io"), ann);
  assert.deepEqual(config({ "registry-1.docker.io": { auth } })("docker.io"), ann);
});

test("a file of credentials that is no JSON is refused without repeating what stands in it", () => {
  for (const text of ['{"auths": {"x": {"auth": geheim}}}', "geheim"]) {
    assert.throws(
      () => credentialsFromDockerConfig(text),
      (error: Error) => {
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /geheim/);
        return failure("bad-credentials-file")(error);
      },
    );
  }
  for (const text of ["null", "[]", "{}", '{"auths": null}', '{"auths": {"x": null}}']) {
    assert.equal(credentialsFromDockerConfig(text)("x"), undefined);
  }
});

test("a user and a password in an address are decoded, also where they were not encoded", () => {
  assert.deepEqual(credentialsInAddress(new URL("https://ann:ge%40heim@example.com")), {
    username: "ann",
    password: "ge@heim",
  });
  assert.deepEqual(credentialsInAddress(new URL("https://ann:100%@example.com")), {
    username: "ann",
    password: "100%",
  });
  assert.equal(credentialsInAddress(new URL("https://example.com")), undefined);
});

test("an address is printed without passwords and signatures", () => {
  const printed: readonly (readonly [string, string])[] = [
    ["https://ann:geheim@example.com/charts", "https://example.com/charts"],
    ["https://ann:ge@heim@example.com/charts?token=1#x", "https://example.com/charts"],
    ["oci://ann@example.com/charts", "oci://example.com/charts"],
    ["ann:geheim@example.com/charts", "example.com/charts"],
    ["https://example.com/a@b", "https://example.com/a@b"],
  ];
  for (const [address, expected] of printed) assert.equal(printableAddress(address), expected);
});

test("a challenge is read as registries write it", () => {
  assert.deepEqual(parseChallenge('basic realm="x"'), { scheme: "basic" });
  assert.deepEqual(parseChallenge('BEARER Realm="https://a.example.com/t", Scope="repository:x:pull,push"'), {
    scheme: "bearer",
    realm: "https://a.example.com/t",
    service: undefined,
    scope: "repository:x:pull,push",
  });
  for (const header of ["", "Negotiate", "Bearer", 'Bearer realm="nowhere"', 'Bearer service="x"']) {
    assert.equal(parseChallenge(header), undefined);
  }
});
