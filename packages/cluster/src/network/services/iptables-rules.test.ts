import assert from "node:assert/strict";
import { test } from "node:test";
import { iptablesRules } from "./iptables-rules.ts";
import type { RuleSet } from "./iptables-rules.ts";
import type { ServicePort } from "./service-table.ts";

const facts = { mark: "fw01234567", bridge: "fw01234567br", subnet: "10.130.1.0/24" };
const rulesOf = (ports: readonly ServicePort[]): RuleSet => iptablesRules({ ports, isolations: [] }, facts);
const web: ServicePort = {
  key: "default/web:http",
  protocol: "tcp",
  clusterAddresses: ["10.96.1.1"],
  externalAddresses: [],
  port: 80,
  nodePort: undefined,
  keepsSource: false,
  affinitySeconds: undefined,
  endpoints: [
    { address: "10.1.0.2", port: 8080 },
    { address: "10.1.0.3", port: 8080 },
    { address: "10.1.0.4", port: 8080 },
  ],
};

test("each of three endpoints gets a third of the connections", () => {
  const { text } = rulesOf([web]);
  const chances = [...text.matchAll(/--probability (\S+)/gu)].map((match) => Number(match[1]));
  assert.deepEqual(chances, [0.3333333333, 0.5]);
  assert.equal([...text.matchAll(/DNAT --to-destination 10\.1\.0\.\d:8080/gu)].length, 3);
  assert.match(text, /-A fw01234567-SERVICES -d 10\.96\.1\.1\/32 -p tcp -m tcp --dport 80 -j fw01234567-S-/u);
});

test("chains have names that the kernel takes, and all of them the cluster's mark", () => {
  const { chains } = rulesOf([web, { ...web, key: "a-long-namespace/with-a-long-name:and-a-port" }]);
  for (const name of [...chains.nat, ...chains.filter]) {
    assert.ok(name.length <= 28, name);
    assert.ok(name.startsWith("fw01234567-"), name);
  }
});

test("what pods send to others than pods has the machine's address", () => {
  const { text } = rulesOf([]);
  const leave = text.split("\n").filter((line) => line.startsWith("-A fw01234567-LEAVE"));
  assert.deepEqual(leave, [
    "-A fw01234567-LEAVE -d 10.130.1.0/24 -j RETURN",
    "-A fw01234567-LEAVE -d 224.0.0.0/4 -j RETURN",
    "-A fw01234567-LEAVE -s 10.130.1.0/24 -j MASQUERADE",
  ]);
});

test("a service without endpoints refuses connections", () => {
  const { text } = rulesOf([{ ...web, endpoints: [], nodePort: 30_080 }]);
  assert.match(text, /-A fw01234567-REFUSE -d 10\.96\.1\.1\/32 -p tcp -m tcp --dport 80 -j REJECT/u);
  assert.match(text, /--dst-type LOCAL -p tcp -m tcp --dport 30080 -j REJECT/u);
  assert.doesNotMatch(text, /DNAT/u);
});

test("what goes to a port that a service doesn't have is refused, and leaves for nowhere", () => {
  const { text } = rulesOf([web, { ...web, key: "default/web:dns", protocol: "udp", port: 53 }]);
  assert.equal([...text.matchAll(/-A fw01234567-REFUSE -d 10\.96\.1\.1\/32 -j REJECT/gu)].length, 1);
});

test("a caller with affinity comes back to the endpoint it had", () => {
  const { text } = rulesOf([{ ...web, affinitySeconds: 60 }]);
  assert.equal([...text.matchAll(/--rcheck --seconds 60 --reap/gu)].length, 3);
  assert.equal([...text.matchAll(/-m recent --name \S+ --set/gu)].length, 3);
});

test("a node port that keeps the source hides only the machine's own address", () => {
  const marks = (keepsSource: boolean): string[] =>
    rulesOf([{ ...web, nodePort: 30_080, keepsSource }])
      .text.split("\n")
      .filter((line) => line.includes("-NODEPORTS -p") && line.endsWith("-MARK"));
  assert.doesNotMatch(marks(false).join("\n"), /src-type LOCAL/u);
  assert.match(marks(true).join("\n"), /--src-type LOCAL/u);
});
