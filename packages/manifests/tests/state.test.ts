// What is rendered of the shop and of descriptions that have everything: the objects, and what changes when something changes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decode, decodeAll } from "@fairway/yaml";
import { ManifestsError, namespaceOf, renderState, secretsOf } from "../src/index.ts";
import { described, folders, type Change, type Described } from "./described.ts";
import { at, digest, objectsOf, renderedRelease, type AnyObject } from "./rendered-release.ts";

const shop = described(folders.shop);
const everything = described(folders.everything);

function objectsIn(platform: Described, environment: string): readonly AnyObject[] {
  const state = renderState(platform);
  return platform.services.flatMap(({ metadata: { name: service } }) => {
    const namespace = namespaceOf(platform.platform, environment, service);
    return objectsOf(renderedRelease(state, { service, environment, namespace }));
  });
}

function objectOf(objects: readonly AnyObject[], kind: string, name: string): AnyObject {
  const found = objects.find((each) => each.kind === kind && each.metadata.name === name);
  assert.ok(found, `no ${kind} ${name}`);
  return found;
}

function podOf(objects: readonly AnyObject[], name: string): unknown {
  return at(objectOf(objects, "Deployment", name), "spec", "template", "spec");
}

function environmentOf(objects: readonly AnyObject[], name: string): Readonly<Record<string, unknown>> {
  const variables = at(podOf(objects, name), "containers", 0, "env") as { name: string; value?: string }[];
  const names = variables.map((variable) => variable.name);
  assert.deepEqual(names, [...new Set(names)], "a variable is there twice");
  return Object.fromEntries(variables.map(({ name, ...rest }) => [name, rest.value ?? at(rest, "valueFrom")]));
}

describe("the state", () => {
  test("is the same, byte for byte, in whatever order the services come", () => {
    const backwards = renderState({ ...shop, services: shop.services.toReversed() });
    assert.deepEqual([...backwards], [...renderState(shop)]);
    assert.deepEqual([...backwards.keys()], [...backwards.keys()].toSorted());
  });

  test("of one environment is that part of the whole", () => {
    const whole = renderState(shop);
    const dev = renderState({ ...shop, environment: "dev" });
    for (const [path, text] of dev) assert.equal(whole.get(path), text, path);
    const left = [...whole.keys()].filter((path) => !dev.has(path));
    assert.ok(left.length > 0 && left.every((path) => /^(environments|base)\/(staging|prod)\//.test(path)));
    assert.throws(
      () => renderState({ ...shop, environment: "live" }),
      (error) =>
        error instanceof ManifestsError && error.code === "unknown-environment" && /dev, staging/.test(error.message),
    );
  });

  test("holds no value of a secret, and names all that have to exist", () => {
    for (const { platform, services } of [shop, everything]) {
      for (const environment of platform.spec.environments) {
        const objects = objectsIn({ platform, services }, environment.name);
        assert.ok(objects.every(({ kind }) => kind !== "Secret"));
        for (const service of services) {
          const asked = Object.values(environmentOf(objects, service.metadata.name)).flatMap((value) => {
            const reference = at(value, "secretKeyRef");
            return reference === undefined ? [] : [`${at(reference, "name")}/${at(reference, "key")}`];
          });
          const known = secretsOf(platform, service).flatMap(({ name, keys }) => keys.map((key) => `${name}/${key}`));
          assert.deepEqual(asked.toSorted(), known.toSorted());
        }
      }
    }
  });

  test("says which version runs where as registry/versions.yaml does, and keeps that file", () => {
    const entry = { version: "1.4.2+build.7", digest, commit: "0123456", deployed_by: "ada" };
    const versions = `environments: { dev: { orders-service: ${JSON.stringify(entry)}, gone: ${JSON.stringify(entry)} } }\n`;
    const state = renderState({ ...shop, versions });
    assert.deepEqual(at(decode(state.get("environments/dev/orders-service.yaml") ?? ""), "image"), {
      version: "1.4.2+build.7",
      digest,
    });
    const kept = state.get("registry/versions.yaml") ?? "";
    assert.deepEqual(at(decode(kept), "environments"), { dev: { "orders-service": entry }, staging: {}, prod: {} });
    assert.equal(renderState({ ...shop, versions: kept }).get("registry/versions.yaml"), kept);
    const release = { service: "orders-service", environment: "dev", namespace: "shop-dev" };
    const objects = objectsOf(renderedRelease(state, release));
    assert.equal(environmentOf(objects, "orders-service")["SERVICE_VERSION"], "1.4.2+build.7");
    const template = at(objectOf(objects, "Deployment", "orders-service"), "spec", "template");
    assert.equal(at(template, "metadata", "labels", "app.kubernetes.io/version"), "1.4.2_build.7");
    for (const broken of ["- a", "a: [", "environments: { dev: { a: { version: 1 } } }", "environments: { dev: 1 }"]) {
      assert.throws(
        () => renderState({ ...shop, versions: broken }),
        (error) =>
          error instanceof ManifestsError && error.code === "invalid-versions" && /versions\.yaml/.test(error.message),
        broken,
      );
    }
  });
});

/** Lines that one change of a description removes and adds, by file. */
function effectOf(folder: string, ...changes: readonly Change[]): readonly string[] {
  const before = renderState(described(folder));
  const after = renderState(described(folder, changes));
  const effects: string[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(path), after.get(path)].map((text) => text?.split("\n"));
    if (!old || !now) effects.push(`${path} is ${now ? "new" : "gone"}`);
    else effects.push(...changedLines(old, now).map((line) => `${path}: ${line}`));
  }
  return effects;
}

/** The lines between the same beginning and the same end. */
function changedLines(old: readonly string[], now: readonly string[]): readonly string[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const cut = (lines: readonly string[], sign: string) =>
    lines.slice(start, lines.length - end).map((line) => `${sign} ${line.trim()}`);
  return [...cut(old, "-"), ...cut(now, "+")];
}

describe("one change of a description changes only what it says", () => {
  const orders = "orders-service/service.yaml";
  const chart = "services/orders-service";

  test("scale", () => {
    assert.deepEqual(effectOf(folders.shop, [orders, "max: 10", "max: 12"]), [
      `${chart}/values.yaml: - max: 10`,
      `${chart}/values.yaml: + max: 12`,
    ]);
  });

  test("a call opens both ends and says where it is", () => {
    const effects = effectOf(folders.shop, [orders, "calls: [auth-service", "calls: [auth-service, users-service"]);
    assert.deepEqual(
      effects.filter((line) => !/-policy\.yaml|deployment\.yaml/.test(line)),
      [],
    );
    assert.deepEqual(
      effects.filter((line) => line.startsWith("services/users-service")),
      [
        "services/users-service/templates/network-policy.yaml: + - podSelector:",
        "services/users-service/templates/network-policy.yaml: + matchLabels:",
        "services/users-service/templates/network-policy.yaml: + app.kubernetes.io/name: orders-service",
      ],
    );
    assert.deepEqual(
      effects.filter((line) => line.includes("deployment")),
      [
        `${chart}/templates/deployment.yaml: + - name: USERS_URL`,
        `${chart}/templates/deployment.yaml: + value: http://users-service:8080`,
      ],
    );
  });

  test("a variable, a probe, a domain, a quota", () => {
    assert.deepEqual(effectOf(folders.everything, [orders, "LOG_LEVEL: info", "LOG_LEVEL: warn"]), [
      `${chart}/values.yaml: - LOG_LEVEL: info`,
      `${chart}/values.yaml: + LOG_LEVEL: warn`,
    ]);
    assert.deepEqual(effectOf(folders.everything, [orders, "path: /start", "path: /begin"]), [
      `${chart}/templates/deployment.yaml: - path: /start`,
      `${chart}/templates/deployment.yaml: + path: /begin`,
    ]);
    assert.deepEqual(effectOf(folders.shop, ["platform.yaml", "shop.dev.localhost", "other.localhost"]), [
      "environments/dev/values.yaml: - domain: shop.dev.localhost",
      "environments/dev/values.yaml: + domain: other.localhost",
    ]);
    assert.deepEqual(
      effectOf(folders.shop, ["platform.yaml", "replicas: 1\n", "replicas: 1\n      quota: { pods: 50 }\n"]),
      ['base/dev/resource-quotas.yaml: - pods: "200"', 'base/dev/resource-quotas.yaml: + pods: "50"'],
    );
  });

  test("a service that is gone leaves nothing behind", () => {
    const state = renderState({
      ...shop,
      services: shop.services.filter(({ metadata }) => metadata.name !== "gateway-service"),
    });
    assert.deepEqual(
      [...state].filter(([path, text]) => `${path}${text}`.includes("gateway")),
      [],
    );
  });
});

describe("what runs in a cluster", () => {
  const prod = objectsIn(everything, "prod");
  const dev = objectsIn(everything, "dev");

  test("may be reached by exactly those who call it, and reaches exactly those whom it calls", () => {
    for (const platform of [shop, everything]) {
      const objects = objectsIn(platform, "prod");
      const peers = (name: string, way: "ingress" | "egress", side: "from" | "to") => {
        const rules = (at(objectOf(objects, "NetworkPolicy", name), "spec", way) ?? []) as unknown[];
        const selected = rules.flatMap((rule) => at(rule, side) as unknown[]);
        return selected.flatMap(
          (peer) => (at(peer, "podSelector", "matchLabels", "app.kubernetes.io/name") as string) ?? [],
        );
      };
      for (const { metadata, spec } of platform.services) {
        assert.deepEqual(peers(metadata.name, "egress", "to"), spec.needs.calls);
        const callers = platform.services.filter((each) => each.spec.needs.calls.includes(metadata.name));
        const names = callers.map((each) => each.metadata.name).toSorted();
        assert.deepEqual(peers(metadata.name, "ingress", "from"), names);
      }
    }
  });

  test("is opened to the world only where it has public paths, and there under the domain of its environment", () => {
    const ingresses = objectsIn(shop, "dev").filter(({ kind }) => kind === "Ingress");
    assert.deepEqual(
      ingresses.map((each) => [each.metadata.name, at(each, "spec", "rules", 0, "host"), at(each, "spec", "tls")]),
      [["gateway-service", "shop.dev.localhost", undefined]],
    );
    const inProd = objectOf(objectsIn(shop, "prod"), "Ingress", "gateway-service");
    assert.deepEqual(at(inProd, "spec", "tls"), [{ hosts: ["prod.shop.example.com"], secretName: "shop-prod-tls" }]);
    assert.equal(at(inProd, "metadata", "annotations", "cert-manager.io/cluster-issuer"), "self-signed");
    const orders = objectOf(prod, "Ingress", "orders-service");
    const paths = at(orders, "spec", "rules", 0, "http", "paths") as unknown[];
    assert.deepEqual(
      paths.map((path) => at(path, "path")),
      ["/orders", "/basket"],
    );
    assert.deepEqual(at(orders, "spec", "tls", 0, "secretName"), "depot-tls");
  });

  test("finds in its environment what service.yaml says, as it says it, and where the others are", () => {
    const variables = environmentOf(dev, "orders-service");
    assert.equal(variables["PORT"], "8081");
    assert.equal(variables["SHUTDOWN_SECONDS"], "90");
    assert.equal(variables["GREETING"], "{{ .Release.Name }} says \"hello\"\n'and' more: $(PORT) ");
    assert.equal(variables["NO"], "yes");
    assert.equal(variables["EXTRA"], "0123");
    assert.equal(variables["LOG_LEVEL"], "debug");
    assert.equal(variables["ON_URL"], "http://elsewhere.example.com");
    assert.equal(variables["WORKER_URL"], "http://worker.depot-dev-worker:8080");
    assert.equal(variables["WORKER_SERVICE_URL"], "http://worker-service.depot-dev-worker-service:8080");
    assert.deepEqual(variables["PAYMENT_HOOK"], {
      secretKeyRef: { name: "orders-service-payment-provider-v2", key: "hook" },
    });
    assert.equal(environmentOf(prod, "orders-service")["EXTRA"], undefined);
    assert.equal(environmentOf(prod, "worker")["SHUTDOWN_SECONDS"], "5");
    assert.equal(
      environmentOf(objectsIn(shop, "dev"), "gateway-service")["PRODUCTS_URL"],
      "http://products-service:8080",
    );
  });

  test("has as many pods and as much of the machine as whoever speaks of fewer says", () => {
    const scaler = objectOf(prod, "HorizontalPodAutoscaler", "orders-service");
    assert.deepEqual([at(scaler, "spec", "minReplicas"), at(scaler, "spec", "maxReplicas")], [3, 30]);
    const resources = (objects: readonly AnyObject[]) =>
      at(podOf(objects, "orders-service"), "containers", 0, "resources");
    assert.deepEqual(resources(prod), {
      requests: { cpu: "200m", memory: "300Mi" },
      limits: { cpu: "1.5", memory: "2Gi" },
    });
    assert.deepEqual(resources(dev), {
      requests: { cpu: "50m", memory: "128Mi" },
      limits: { cpu: "1", memory: "384Mi" },
    });
    assert.equal(at(objectOf(dev, "Deployment", "orders-service"), "spec", "replicas"), 1);
    assert.deepEqual(
      dev.filter(({ kind }) => kind === "HorizontalPodAutoscaler"),
      [],
    );
    assert.equal(at(objectOf(prod, "Deployment", "orders-service"), "spec", "replicas"), undefined);
  });

  test("takes over without missing pods, ends in peace, and is asked in the language it speaks", () => {
    const rollout = at(objectOf(dev, "Deployment", "orders-service"), "spec", "strategy", "rollingUpdate");
    assert.deepEqual(rollout, { maxSurge: 1, maxUnavailable: "10%" });
    assert.deepEqual(at(objectOf(prod, "Deployment", "orders-service"), "spec", "strategy", "rollingUpdate"), {
      maxSurge: "25%",
      maxUnavailable: 0,
    });
    assert.equal(at(podOf(prod, "orders-service"), "terminationGracePeriodSeconds"), 100);
    assert.equal(at(podOf(prod, "on"), "containers", 0, "readinessProbe", "grpc", "port"), 50_051);
    assert.equal(at(podOf(prod, "names"), "containers", 0, "livenessProbe", "tcpSocket", "port"), "dns-tcp");
    assert.equal(at(podOf(prod, "keeper"), "containers", 0, "startupProbe"), undefined);
    assert.equal(at(podOf(prod, "worker"), "containers", 0, "startupProbe", "periodSeconds"), 1);
  });

  test("with a volume of its own is never twice at a time; volumes of many are shared", () => {
    assert.deepEqual(at(objectOf(prod, "Deployment", "keeper"), "spec", "strategy"), { type: "Recreate" });
    const mode = (name: string) => at(objectOf(prod, "PersistentVolumeClaim", name), "spec", "accessModes", 0);
    assert.equal(mode("keeper-data"), "ReadWriteOnce");
    assert.equal(mode("orders-service-uploads"), "ReadWriteMany");
  });

  test("has a token of the Kubernetes API only if it asks for permissions, and then exactly those", () => {
    assert.equal(at(podOf(prod, "orders-service"), "automountServiceAccountToken"), true);
    assert.equal(at(objectOf(prod, "Role", "orders-service"), "rules", 0, "resources", 1), "pods/log");
    assert.deepEqual(prod.filter(({ kind }) => kind === "Role").length, 1);
    assert.equal(at(podOf(prod, "worker"), "automountServiceAccountToken"), false);
  });

  test("runs on nodes that may vanish only where the environment or the service allows it", () => {
    const tolerations = (objects: readonly AnyObject[], name: string) =>
      at(podOf(objects, name), "tolerations", 0, "key");
    assert.equal(tolerations(dev, "worker"), "fairway.dev/spot");
    assert.equal(tolerations(prod, "worker"), undefined);
    assert.equal(tolerations(prod, "orders-service"), "fairway.dev/spot");
    assert.deepEqual(at(podOf(prod, "orders-service"), "nodeSelector"), { "fairway.dev/pool": "large" });
  });

  test("carries its labels and annotations unchanged, also what looks like an instruction", () => {
    for (const object of prod.filter(({ metadata }) => metadata.name === "orders-service")) {
      assert.equal(at(object.metadata, "labels", "on"), "yes", object.kind);
      assert.equal(
        at(object.metadata, "annotations", "example.com/runbook"),
        "https://example.com/orders?a=1&b={{ .Values.image }}",
      );
      assert.equal(
        at(object.metadata, "annotations", "example.com/lines"),
        'one\n\ttwo: "three" # four\u0085\u2028five',
      );
    }
  });

  test("is scraped where service.yaml says, and may take a low port without being root", () => {
    const annotations = (name: string) =>
      at(objectOf(prod, "Deployment", name), "spec", "template", "metadata", "annotations");
    assert.equal(at(annotations("orders-service"), "prometheus.io/path"), "/other");
    assert.equal(at(annotations("orders-service"), "prometheus.io/port"), "8081");
    assert.equal(at(annotations("worker"), "prometheus.io/path"), "/metrics");
    const ingress = objectOf(prod, "Ingress", "orders-service");
    assert.equal(at(ingress, "metadata", "annotations", "cert-manager.io/cluster-issuer"), "our-own");
    const sysctl = at(podOf(prod, "names"), "securityContext", "sysctls", 0, "name");
    assert.equal(sysctl, "net.ipv4.ip_unprivileged_port_start");
    assert.equal(at(podOf(prod, "worker"), "securityContext", "sysctls"), undefined);
  });

  test("stands in namespaces that let nothing through and hold no pod with privileges", () => {
    const state = renderState(everything);
    const read = (name: string) => decodeAll(state.get(`base/prod/${name}.yaml`) ?? "") as AnyObject[];
    const namespaces = read("namespaces");
    assert.deepEqual(
      namespaces.map(({ metadata }) => metadata.name),
      everything.services.map(({ metadata }) => namespaceOf(everything.platform, "prod", metadata.name)).toSorted(),
    );
    for (const { metadata } of namespaces) {
      assert.equal(at(metadata, "labels", "pod-security.kubernetes.io/enforce"), "restricted");
      const inside = (name: string) => read(name).find((each) => each.metadata.namespace === metadata.name);
      assert.deepEqual(at(inside("network-policies"), "spec"), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
      assert.ok(Number(at(inside("resource-quotas"), "spec", "hard", "pods")) <= 9);
      assert.equal(at(inside("limit-ranges"), "spec", "limits", 0, "type"), "Container");
    }
  });
});

test("a chart refuses a slip in the values, and a release that does not say which image runs", () => {
  const state = new Map(renderState(shop));
  const release = { service: "orders-service", environment: "dev", namespace: "shop-dev" };
  assert.throws(
    () => renderedRelease(state, { ...release, withoutImage: true }),
    /image\.digest says which image runs/,
  );
  for (const slip of ["autoscaling: { mni: 3 }", "replicas: two", "env: { A: 1 }", "resources: { limit: {} }"]) {
    state.set("environments/dev/orders-service.yaml", `${slip}\n`);
    assert.throws(() => renderedRelease(state, release), /schema/, slip);
  }
  state.set("environments/dev/orders-service.yaml", "image: { digest: latest }\n");
  assert.throws(() => renderedRelease(state, { ...release, withoutImage: true }), /schema/);
});
