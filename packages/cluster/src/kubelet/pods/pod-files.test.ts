import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "./pod.ts";
import { kernelHostname, podDomain, podHostname, resolverConfiguration } from "./pod-files.ts";

function pod(spec: Partial<Pod["spec"]>): Pod {
  const metadata = { name: "web-0", namespace: "shop", uid: "u" };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [], ...spec } };
}

const kernelName = (spec: Partial<Pod["spec"]>): string => kernelHostname(pod(spec), "node", "cluster.local");

test("a pod is called by its name, or as it says, with its domain where it wants that", () => {
  assert.equal(kernelName({}), "web-0");
  assert.equal(kernelName({ hostname: "a", subdomain: "b" }), "a");
  assert.equal(kernelName({ hostname: "a", subdomain: "b", setHostnameAsFQDN: true }), "a.b.shop.svc.cluster.local");
  assert.equal(kernelName({ hostNetwork: true, subdomain: "b", setHostnameAsFQDN: true }), "node");
  assert.throws(() => kernelName({ hostname: "a".repeat(50), subdomain: "b", setHostnameAsFQDN: true }), {
    code: "sandbox-failed",
    message: `failed to construct FQDN from pod hostname and cluster domain, FQDN ${"a".repeat(50)}.b.shop.svc.cluster.local is too long (64 characters is the max, 75 characters requested)`,
  });
});

test("a name that overrides the others has no domain", () => {
  const override = pod({ hostnameOverride: "over.ride", hostname: "a", subdomain: "b", setHostnameAsFQDN: true });
  assert.equal(podHostname(override, "node"), "over.ride");
  assert.equal(podDomain(override, "cluster.local"), "");
  assert.equal(kernelHostname(override, "node", "cluster.local"), "over.ride");
});

test("more name servers and domains than resolvers read are left out, and that is said", () => {
  const dnsConfig = { nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3"], searches: ["a".repeat(254), "c.d"] };
  const { text, warnings } = resolverConfiguration({
    pod: pod({ dnsConfig }),
    dnsAddress: "10.96.0.10",
    clusterDomain: "cluster.local",
    machine: "nameserver 9.9.9.9\n",
  });
  const searches = "shop.svc.cluster.local svc.cluster.local cluster.local c.d";
  assert.equal(
    text,
    `search ${searches}\nnameserver 10.96.0.10\nnameserver 1.1.1.1\nnameserver 2.2.2.2\noptions ndots:5\n`,
  );
  assert.deepEqual(warnings, [
    `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches}`,
    "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.1.1.1 2.2.2.2",
  ]);
});
