import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Identities } from "../normalise.ts";
import { normalisedOutput } from "./normalise-output.ts";

const surroundings = { namespace: "diff-0a1b2c3d4e5f", saved: new Map<string, string>(), identities: new Identities() };
const clean = (text: string, ...args: string[]) => normalisedOutput(text, { args, surroundings });

describe("what varies in what is printed is replaced by a named rule", () => {
  for (const [rule, from, to] of [
    ["age at the end", "web   1/1   Running   0   5m12s", "web   1/1   Running   0   (age)"],
    ["age before a column", "web   10s   gold", "web   (age)   gold"],
    ["age before a column", "web   9s    gold", "web   (age)   gold"],
    ["folder of the scenario", 'open "/var/tmp/fairway-client-aB3dE/x"', 'open "(folder)/x"'],
    [
      "folder of a comparison",
      "diff -u -N /tmp/LIVE-123/v1.a /tmp/MERGED-45/v1.a",
      "diff -u -N (temp)/LIVE/v1.a (temp)/MERGED/v1.a",
    ],
    ["time of a file", "--- a\t2026-11-21 10:00:27.819676161 +0000", "--- a\t(time)"],
    ["time of a release", "r  2026-11-21 10:00:27.81 +0000 UTC  deployed", "r  (time) deployed"],
    ["time in a report", "LAST DEPLOYED: Sat Nov 21 10:00:27 2026", "LAST DEPLOYED: (time)"],
    ["time of a log line", "E1121 10:00:27.819676   31866 memcache.go:265] x", "E(time) memcache.go:265] x"],
    [
      "an answer that a deadline cut",
      'E1121 10:00:27.819676   31866 request.go:1196] "Unexpected error when reading response body" err="x"\nerror: late',
      "error: late",
    ],
    ["kinds of other scenarios", "apps/v1\ndiff-ffffffffffff.example.com/v1\nv1", "apps/v1\nv1"],
    ["kinds of other scenarios", "couldn't get diff-ffffffffffff.example.com/v1", ""],
    ["progress of a rollout", 'Waiting for deployment "a" rollout to finish: 0 of 1...\ndone', "done"],
    ["time in a label", "LABELS: modifiedAt=1795255417,name=web", "LABELS: modifiedAt=(time),name=web"],
    ["width of times", "UPDATED                 \tSTATUS", "UPDATED \tSTATUS"],
    ["version of the server", "with Kubernetes v1.35.4+fairway.1", "with Kubernetes v1.35.(patch)"],
    [
      "order of the resources of a release",
      "==> v1/Pod(related)\n\n\n==> v1/ConfigMap\na\n\nTEST SUITE: None",
      "==> v1/ConfigMap\na\n\n==> v1/Pod(related)\n\nTEST SUITE: None",
    ],
    ["namespace", "in diff-0a1b2c3d4e5f", "in $ns"],
  ] as const) {
    test(`${rule}: ${from}`, () => assert.equal(clean(from), to));
  }

  test("and nothing else", () => {
    for (const text of ["web   1/1   Running", "a: 10s.", "limit is 1500m", "x-5m"]) assert.equal(clean(text), text);
  });
});

test("a command that only looks keeps what it says of the progress", () => {
  const text = "Waiting for deployment spec update to be observed...\n";
  assert.equal(clean(text, "rollout", "status", "deployment", "a", "--watch=false"), text);
});

test("explain keeps names, types and values, and loses its sentences", () => {
  const text = "KIND:  Pod\n\nFIELDS:\n  type\t<string>\n  enum: A, B\n    How it is done.\n\n    inner\t<integer>\n";
  assert.equal(
    clean(text, "explain", "pod"),
    "KIND:  Pod\nFIELDS:\n  type\t<string>\n  enum: A, B\n    inner\t<integer>",
  );
  assert.equal(clean("    four spaces", "get"), "    four spaces");
});
