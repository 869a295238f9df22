import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkFiles } from "./check-files.ts";
import { problemsPerFileMax } from "./limits.ts";
import type { Problem } from "./problem.ts";
import type { GivenFile } from "./read/spec-file.ts";

const shopFolder = join(import.meta.dirname, "../testdata/shop");

function shop(): readonly GivenFile[] {
  const paths = readdirSync(shopFolder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".yaml"));
  return paths.map((path) => ({ path, bytes: readFileSync(join(shopFolder, path)) }));
}

function file(path: string, text: string): GivenFile {
  return { path, bytes: Buffer.from(text) };
}

interface ServiceText {
  readonly metadata?: string;
  readonly spec?: string;
}

function service(
  name: string,
  { metadata = `{ name: ${name}, owner: team-a }`, spec = "" }: ServiceText = {},
): GivenFile {
  return file(
    `${name}/service.yaml`,
    `apiVersion: fairway.dev/v1\nkind: Service\nmetadata: ${metadata}\nspec:\n  language: go\n  http: {}\n${spec}`,
  );
}

function platform(spec: string): GivenFile {
  return file("platform.yaml", `apiVersion: fairway.dev/v1\nkind: Platform\nmetadata: { name: shop }\nspec:\n${spec}`);
}

function brief(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ severity, line, column, code }) => `${severity} ${line}:${column} ${code}`);
}

/** The one problem that a file is expected to have. */
function onlyProblem(...files: readonly GivenFile[]): Problem {
  const { problems } = checkFiles(files);
  const [first] = problems;
  assert.equal(problems.length, 1, JSON.stringify(problems, undefined, 1));
  assert.ok(first);
  return first;
}

describe("the reference shop", () => {
  test("has nothing wrong with it", () => {
    const { platform, services, problems } = checkFiles(shop());
    assert.deepEqual(problems, []);
    assert.equal(services.length, 8);
    assert.deepEqual(
      platform?.spec.environments.map((each) => each.name),
      ["dev", "staging", "prod"],
    );
  });

  test("reads every value that stands in the files, and defaults for the rest", () => {
    const { services } = checkFiles(shop());
    const orders = services.find((each) => each.metadata.name === "orders-service");
    assert.deepEqual(orders?.spec.release, {
      strategy: "canary",
      steps: [
        { weight: 5, hold: "15m" },
        { weight: 50, hold: "5m" },
      ],
      slo: { successRate: "99.5", p95: "300ms", interval: "1m", window: "2m", failuresAllowed: 1 },
    });
    assert.deepEqual(orders?.spec.environments["prod"], {
      scale: { min: 4, max: 20 },
      resources: { limits: { memory: "1Gi" } },
    });
    assert.equal(orders?.spec.probes.readiness.path, "/readyz");
    assert.equal(orders?.spec.shutdown, "45s");
  });
});

test("six lines are a service", () => {
  const smallest = `apiVersion: fairway.dev/v1
kind: Service
metadata: { name: orders-service, owner: team-orders }
spec:
  language: typescript
  http: { port: 8080 }
`;
  const { services, problems } = checkFiles([file("service.yaml", smallest)]);
  assert.deepEqual(problems, []);
  assert.deepEqual(services[0]?.spec.scale, { min: 2, max: 10, cpu: 70, triggers: [], vertical: "recommend" });
  assert.deepEqual(services[0]?.spec.resources.limits, { cpu: "1", memory: "512Mi" });
});

describe("one file", () => {
  test("has all of its problems reported, each at its place", () => {
    const { services, problems } = checkFiles([
      file(
        "service.yaml",
        `apiVersion: fairway.dev/v2
kind: Service
metadata: { name: Orders, ownr: a }
spec:
  language: typescrpt
  http: { port: "8080", public: [ orders, /a, /a ] }
  scale: { min: two, max: 0 }
  extra: 1
  release: { strategy: canary, steps: [ { weight: 101 }, { hold: soon } ], maxSurge: 1 }
`,
      ),
    ]);
    assert.deepEqual(services, []);
    assert.deepEqual(brief(problems), [
      "error 1:13 wrong-value",
      "error 3:11 missing-field",
      "error 3:19 wrong-value",
      "error 3:27 unknown-field",
      "error 5:13 wrong-value",
      "error 6:17 wrong-type",
      "error 6:35 wrong-value",
      "error 6:47 duplicate",
      "error 7:17 wrong-type",
      "error 7:27 wrong-value",
      "error 8:3 unknown-field",
      "error 9:51 wrong-value",
      "error 9:58 missing-field",
      "error 9:66 wrong-value",
      "error 9:76 unknown-field",
    ]);
    assert.deepEqual(problems.map((each) => each.suggestion).filter(Boolean), [
      "fairway.dev/v1",
      "orders",
      "owner",
      "typescript",
      "8080",
      "/orders",
    ]);
  });

  test("is still checked against the others when a field of it can't be read", () => {
    const { problems } = checkFiles([service("a", { spec: "  needs: { calls: [ b ] }\n  tier: top\n" })]);
    assert.deepEqual(brief(problems), ["error 7:21 unknown-reference", "error 8:9 wrong-value"]);
  });

  test("takes a number for a text where that is what it says", () => {
    const { services, problems } = checkFiles([
      service("a", { spec: "  needs: { postgres: { version: 17 } }\n  resources: { limits: { cpu: 2 } }\n" }),
    ]);
    assert.deepEqual(problems, []);
    assert.equal(services[0]?.spec.needs.postgres?.version, "17");
    assert.equal(services[0]?.spec.resources.limits.cpu, "2");
  });

  test("may have empty variables, and fields that are left open", () => {
    const spec = '  needs:\n  env: { EMPTY: "" }\n  resources:\n    limits:\n';
    const { services, problems } = checkFiles([service("a", { spec })]);
    assert.deepEqual(problems, []);
    assert.equal(services[0]?.spec.env["EMPTY"], "");
  });

  for (const [spec, message] of [
    ["scale: { min: 5, max: 3 }", /scale.min \(5\) is greater than scale.max \(3\)/],
    [
      "scale: { min: 3 }\n  environments: { dev: { scale: { max: 2 } } }",
      /scale.min \(3\) is greater than scale.max \(2\)/,
    ],
    ["resources: { requests: { memory: 1Gi } }", /requests.memory \(1Gi\) is more than limits.memory \(512Mi\)/],
    ["resources: { requests: { cpu: 1500m } }", /requests.cpu \(1500m\) is more than limits.cpu \(1\)/],
    ["release: { maxSurge: 0 }", /no pod could ever be replaced/],
    [
      "release: { strategy: canary, steps: [ { weight: 50 }, { weight: 20 } ] }",
      /steps\[1\].weight \(20\) must be more than the step before it \(50\)/,
    ],
    ["release: { strategy: canary, slo: { p95: 2s, p99: 1s } }", /slo.p95 \(2s\) is longer than slo.p99 \(1s\)/],
    ["release: { strategy: canary, slo: {} }", /slo names no objective/],
    ["release: { strategy: bluegreen }", /must be one of rolling, canary, blue-green/],
    ["ports: [ { name: admin, port: 8080 } ]", /port 8080 is taken by http.port already/],
    ["ports: [ { name: admin, port: 9000 }, { name: admin, port: 9001 } ]", /repeats "admin"/],
    ['env: { PORT: "1" }', /PORT is set by the platform/],
    ["env: { A: b }\n  needs: { secrets: [ { name: s, env: { A: key } } ] }", /A is set by spec.env already/],
    ["env: { LOG_LEVEL: 3 }", /must be a text; found the number 3/],
    ["needs:\n    postgres:", /postgres is empty: write postgres: {} to have it with its defaults/],
    ["env: { 1A: x }", /must be the name of an environment variable/],
    ["needs: { calls: [ a ] }", /calls itself/],
    [
      "environments: { dev: { env: { A: b } } }\n  needs: { secrets: [ { name: s, env: { A: key } } ] }",
      /A is set by spec.environments.dev.env already/,
    ],
    ['environments: { dev: { env: { PORT: "1" } } }', /PORT is set by the platform/],
    ["ports: [ { name: a, port: 53 }, { name: b, port: 53 } ]", /port 53 is taken by ports\[0\] already/],
    ["scale: { min: 0 }", /nothing could ever wake the service/],
    ["environments: { dev: { scale: { min: 0 } } }", /nothing could ever wake the service/],
    [
      "needs: { volumes: [ { name: a, path: /x, size: 1Gi }, { name: b, path: /x, size: 1Gi } ] }",
      /\/x is taken by the volume a already/,
    ],
    ["needs: { volumes: [ { name: a, path: /tmp, size: 1Gi } ] }", /\/tmp is taken by a folder that every pod has/],
    ["needs: { volumes: [ { name: a, path: /, size: 1Gi } ] }", /would hide the whole image/],
    [
      "needs: { postgres: {}, secrets: [ { name: s, env: { DATABASE_URL: url } } ] }",
      /DATABASE_URL is set by the platform, for needs.postgres already/,
    ],
    [
      "needs: { secrets: [ { name: a.b, env: { A: a } }, { name: A_B, env: { B: b } } ] }",
      /the name A_B would be a-b in Kubernetes, which is taken by a.b/,
    ],
    ["needs: { secrets: [ { name: Events, env: { A: a } } ] }", /would be events in Kubernetes, which is taken by the/],
    ["needs: { permissions: [ { resources: [ secrets ], verbs: [ '*' ] } ] }", /must be one of get, list, watch/],
    ["chaos: { experiments: [ pod-kil ], environments: [ dev ] }", /must be one of pod-kill/],
    ["shutdown: 2h", /must be from 1s to 1h/],
    ["shutdown: 45", /must be a duration of whole seconds such as 5s, 45s/],
    ["probes: { readiness: { period: 500ms } }", /must be a duration of whole seconds/],
    ["probes: { readiness: { timeout: 0s } }", /must be a duration of whole seconds/],
    ["release: { strategy: canary, slo: { p95: 0s } }", /must be a duration longer than nothing/],
    ["alerts: { podDown: 9999999d }", /must be a duration longer than nothing/],
    ["resources: { limits: { memory: 512m } }", /must be an amount of bytes such as 512Mi/],
    ["resources: { limits: { memory: 512 } }", /must be an amount of bytes such as 512Mi/],
    [`needs: { egress: [ { host: ${"a".repeat(64)}.example.com } ] }`, /must be a host such as api.stripe.com/],
    ['backup: { schedule: "61 2 * * *" }', /must be a cron schedule/],
    ["build: { context: ../other }", /stays inside the service's folder/],
    ['needs: { egress: [ { host: "http://x" } ] }', /must be a host such as api.stripe.com/],
    ["probes: { liveness: { path: live } }", /must be a path beginning with a slash/],
  ] as const) {
    test(`says what is wrong with ${spec.split("\n").at(-1)?.trim()}`, () => {
      assert.match(onlyProblem(service("a", { spec: `  ${spec}\n` })).message, message);
    });
  }

  test("can have a port for TCP and one for UDP of the same number", () => {
    const ports = "  ports: [ { name: dns, port: 53 }, { name: dns-udp, port: 53, protocol: UDP } ]\n";
    assert.deepEqual(checkFiles([service("a", { spec: ports })]).problems, []);
  });

  test("can't have labels that selectors are made of", () => {
    const metadata = "{ name: a, owner: t, labels: { app.kubernetes.io/name: b, team: c } }";
    const problem = onlyProblem(service("a", { metadata }));
    assert.match(problem.message, /the label app.kubernetes.io\/name is set by the platform/);
    assert.equal(problem.column, 66);
  });

  test("without http can't have a canary, and can't be called", () => {
    const silent = file(
      "b/service.yaml",
      "apiVersion: fairway.dev/v1\nkind: Service\nmetadata: { name: b, owner: t }\nspec: { language: go }\n",
    );
    assert.match(onlyProblem(silent, service("a", { spec: "  needs: { calls: [ b ] }\n" })).message, /b has no http/);
    const inProd =
      "apiVersion: fairway.dev/v1\nkind: Service\nmetadata: { name: b, owner: t }\nspec: { language: go, environments: { prod: { release: { strategy: blue-green } } } }\n";
    assert.match(onlyProblem(file("b/service.yaml", inProd)).message, /blue-green shifts requests/);
    const canary =
      "apiVersion: fairway.dev/v1\nkind: Service\nmetadata: { name: b, owner: t }\nspec: { language: go, release: { strategy: canary } }\n";
    assert.match(onlyProblem(file("b/service.yaml", canary)).message, /the service has no http/);
  });
});

describe("a service in its environments", () => {
  test("is told when what both say does not go together", () => {
    const environments = "  environments: [ { name: dev, resources: { limits: { memory: 256Mi } } } ]\n";
    const large = service("a", { spec: "  resources: { requests: { memory: 400Mi } }\n" });
    assert.match(
      onlyProblem(platform(environments), large).message,
      /in dev requests.memory is 400Mi, and limits.memory 256Mi: give both for dev/,
    );
    const own = "  environments: { dev: { resources: { requests: { memory: 100Mi } } } }\n";
    const spec = `  resources: { requests: { memory: 400Mi } }\n${own}`;
    assert.deepEqual(checkFiles([platform(environments), service("a", { spec })]).problems, []);
  });

  test("is told when the namespace would have a name that DNS can't hold", () => {
    const environment = "e".repeat(40);
    const apart = `  environments: [ { name: ${environment} } ]\n  namespaces: per-service\n`;
    const name = "a".repeat(30);
    assert.match(onlyProblem(platform(apart), service(name)).message, /more than 63 letters/);
    const long = `  environments: [ { name: ${"e".repeat(60)} } ]\n`;
    assert.match(onlyProblem(platform(long)).message, /shop-e+ has more than 63 letters/);
  });
});

describe("a platform", () => {
  const environments = "  environments: [ { name: dev }, { name: prod } ]\n";

  for (const [spec, message] of [
    ["  environments: []\n", /must have at least 1 entries; found 0/],
    ["  environments: [ { name: dev }, { name: dev } ]\n", /repeats "dev"/],
    [
      "  environments: [ { name: dev }, { name: prod, gates: { after: [ stagin ] } } ]\n",
      /unknown environment "stagin"/,
    ],
    ["  environments: [ { name: dev, gates: { after: [ prod ] } }, { name: prod } ]\n", /comes later in the order/],
    ["  environments: [ { name: dev, gates: { soak: 1h } } ]\n", /nothing before it to soak in/],
    [
      "  environments: [ { name: dev }, { name: prod, gates: { promotion: auto, approvers: {} } } ]\n",
      /so nobody is asked/,
    ],
    ["  environments: [ { name: dev, clouds: [ aws ] } ]\n", /unknown cloud "aws": none is described/],
    [
      "  environments: [ { name: dev, gates: { freezeWindows: [ { name: x, from: 2026-12-24 } ] } } ]\n",
      /both from and to/,
    ],
    [
      "  environments: [ { name: dev, gates: { freezeWindows: [ { name: x, from: 2026-13-24, to: 2026-12-24 } ] } } ]\n",
      /must be a date/,
    ],
    [
      "  environments: [ { name: dev, gates: { freezeWindows: [ { name: x, from: 2026-02-30, to: 2026-03-03 } ] } } ]\n",
      /must be a date/,
    ],
    [
      "  environments: [ { name: dev, gates: { freezeWindows: [ { name: x, timeZone: Europe/Roma } ] } } ]\n",
      /must be a time zone/,
    ],
    ["  environments: [ { name: dev, branch: -x } ]\n", /must be a branch/],
    [`${environments}  registry: { type: ghcr }\n`, /registry.address is missing/],
    [`${environments}  repositories: { layout: split }\n`, /repositories.state is missing/],
    [
      "  environments: [ { name: dev, domain: prod.localhost }, { name: prod } ]\n",
      /prod.localhost belongs to dev already/,
    ],
    [`${environments}  vault: { replicas: 4 }\n`, /vault.replicas \(4\) must be odd/],
    [`${environments}  vault: { unseal: { method: aws-kms, region: eu-south-1 } }\n`, /vault.unseal.key is missing/],
    [`${environments}  tls: { issuer: letsencrypt }\n`, /tls.email is missing/],
    [
      `${environments}  terraformState: { backend: gcs, bucket: b, region: r }\n`,
      /no field "region" in spec.terraformState/,
    ],
    [`${environments}  repositories: { layout: per-service }\n`, /repositories.state is missing/],
    [`${environments}  engines: { mesh: consul }\n`, /must be one of istio, linkerd, none/],
    [`${environments}  clouds: [ { provider: aws, cluster: c } ]\n`, /clouds\[0\].region is missing/],
    [`${environments}  clouds: [ { provider: ibm } ]\n`, /must be one of aws, gcp, azure, kubernetes/],
  ] as const) {
    test(`says what is wrong with ${spec.trim().split("\n").at(-1)?.trim()}`, () => {
      assert.match(onlyProblem(platform(spec)).message, message);
    });
  }

  test("is described once", () => {
    const second = { ...platform(environments), path: "other/platform.yaml" };
    assert.match(onlyProblem(platform(environments), second).message, /described in platform.yaml already/);
  });
});

describe("between files", () => {
  test("a call of an unknown service names the nearest one", () => {
    const problem = onlyProblem(
      service("orders", { spec: "  needs: { calls: [ inventry ] }\n" }),
      service("inventory"),
    );
    assert.equal(problem.suggestion, "inventory");
    assert.deepEqual([problem.line, problem.column], [7, 21]);
  });

  test("an event that nobody publishes is an error, one that nobody consumes a warning", () => {
    const { problems } = checkFiles([
      service("a", { spec: "  needs: { publishes: [ OrderCreated ] }\n" }),
      service("b", { spec: "  needs: { consumes: [ OrderCreatd ] }\n" }),
    ]);
    assert.deepEqual(brief(problems), ["warning 7:25 unused", "error 7:24 unknown-reference"]);
    assert.equal(problems[1]?.suggestion, "OrderCreated");
  });

  test("services that call each other in a circle are a warning that shows the circle", () => {
    const calls = (name: string, other: string) => service(name, { spec: `  needs: { calls: [ ${other} ] }\n` });
    const problem = onlyProblem(calls("a", "b"), calls("b", "c"), calls("c", "a"));
    assert.equal(problem.severity, "warning");
    assert.match(problem.message, /a -> b -> c -> a/);
  });

  test("a public path belongs to one service, with all that lies below it; the root to whoever is left", () => {
    const on = (name: string, path: string) =>
      file(
        `${name}/service.yaml`,
        `apiVersion: fairway.dev/v1\nkind: Service\nmetadata: { name: ${name}, owner: t }\nspec: { language: go, http: { public: [ ${path} ] } }\n`,
      );
    assert.match(onlyProblem(on("a", "/orders"), on("b", "/orders")).message, /\/orders belongs to a/);
    assert.match(
      onlyProblem(on("a", "/orders/new"), on("b", "/orders")).message,
      /\/orders\/new lies below \/orders, which belongs to b/,
    );
    assert.deepEqual(checkFiles([on("a", "/"), on("b", "/orders"), on("c", "/orders-archive")]).problems, []);
  });

  test("names, owners and environments have to be known", () => {
    const known = platform("  environments: [ { name: dev } ]\n  teams: [ { name: team-b } ]\n");
    const { problems } = checkFiles([known, service("a", { spec: "  environments: { dve: {} }\n" })]);
    assert.deepEqual(
      problems.map((each) => each.suggestion),
      ["team-b", "dev"],
    );
    const twice = [service("a"), { ...service("a"), path: "other/service.yaml" }];
    assert.match(onlyProblem(...twice).message, /a is described in a\/service.yaml already/);
  });

  test("a service says where its repository is when the platform gives each its own, and only then", () => {
    const environments = "  environments: [ { name: dev } ]\n";
    const each = platform(
      `${environments}  repositories: { layout: per-service, state: "https://example.com/state.git" }\n`,
    );
    assert.match(onlyProblem(each, service("a")).message, /repository is missing: with layout per-service/);
    const own = service("a", { spec: "  repository: https://example.com/a.git\n" });
    assert.deepEqual(checkFiles([each, own]).problems, []);
    assert.equal(onlyProblem(platform(environments), own).code, "unused");
  });

  test("chaos needs an engine, and environments that there are", () => {
    const broken = service("a", { spec: "  chaos: { experiments: [ pod-kill ], environments: [ dev, stagin ] }\n" });
    const known = platform("  environments: [ { name: dev }, { name: staging } ]\n");
    const { problems } = checkFiles([known, broken]);
    assert.deepEqual(brief(problems), ["warning 7:10 unused", "error 7:60 unknown-reference"]);
    assert.equal(problems[1]?.suggestion, "staging");
  });

  test("of services that call each other in many circles, one short circle is shown", () => {
    const star = Array.from({ length: 300 }, (_, index) =>
      service(`s${index}`, {
        spec: `  needs: { calls: [ s${(index + 1) % 300}${index > 1 && index < 299 ? ", s0" : ""} ] }\n`,
      }),
    );
    const problem = onlyProblem(...star);
    assert.match(problem.message, /circle: s0 -> s1 -> s2 -> s0;/);
    assert.deepEqual([problem.file, problem.path], ["s0/service.yaml", "spec.needs.calls[0]"]);
  });

  test("each group of circular calls is shown, and a long circle is shortened", () => {
    const calls = (name: string, other: string) => service(name, { spec: `  needs: { calls: [ ${other} ] }\n` });
    const ring = Array.from({ length: 20 }, (_, index) => calls(`s${index}`, `s${(index + 1) % 20}`));
    const { problems } = checkFiles([...ring, calls("a", "b"), calls("b", "a"), calls("c", "a")]);
    assert.deepEqual(
      problems.map((each) => /circle: (.*);/.exec(each.message)?.[1]),
      ["a -> b -> a", "s0 -> s1 -> s2 -> s3 -> s4 -> s5 -> s6 -> s7 -> s8 -> s9 -> s10 -> (9 more) -> s0"],
    );
  });

  test("hundreds of thousands of problems are too many to show, and no crash", () => {
    const events = Array.from({ length: 1_000 }, (_, index) => `Event${index}`).join(", ");
    const files = Array.from({ length: 150 }, (_, index) =>
      service(`s${index}`, { spec: `  needs: { publishes: [ ${events} ] }\n` }),
    );
    const { problems } = checkFiles(files);
    assert.equal(problems.length, 150 * problemsPerFileMax);
  });

  test("a chain of 5,000 calls is walked without exhausting the stack", () => {
    const chain = Array.from({ length: 5_000 }, (_, index) =>
      service(`s${index}`, { spec: `  needs: { calls: [ s${(index + 1) % 5_000} ] }\n` }),
    );
    const { problems } = checkFiles(chain);
    assert.deepEqual(
      problems.map((each) => each.code),
      ["cycle"],
    );
  });
});
