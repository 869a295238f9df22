import {
  choice,
  countOrPercent,
  defaulted,
  flag,
  integer,
  list,
  optional,
  record,
  required,
  text,
} from "../schema/build.ts";

const path = text("A path", { format: "url-path", example: "/orders" });

const circuitBreaker = record("When a pod that fails gets no more requests for a while", {
  failures: defaulted(integer("Server errors in a row that open the circuit", { minimum: 1, maximum: 1_000 }), 5),
  ejection: defaulted(text("How long the pod gets no requests", { format: "time-span" }), "30s"),
  maxEjected: defaulted(countOrPercent("Pods that may be left out at once", { example: "50%" }), "50%"),
  connections: defaulted(
    integer("Connections to the service that may be open at once", { minimum: 1, maximum: 1_000_000 }),
    1_000,
  ),
});

export const http = record(
  "The port where it answers requests",
  {
    port: defaulted(integer("The port that it listens on", { minimum: 1, maximum: 65_535 }), 8080),
    protocol: defaulted(choice("What is spoken there", ["http", "http2", "grpc"]), "http"),
    public: defaulted(list("Paths that can be reached from outside, through the ingress", path, { uniqueBy: "" }), []),
    cdn: defaulted(flag("Whether a content delivery network may keep answers of the public paths"), false),
    metrics: defaulted(text("Where Prometheus finds its metrics", { format: "url-path" }), "/metrics"),
    timeout: defaulted(text("How long callers wait", { format: "time-span" }), "10s"),
    retries: defaulted(
      integer("How often the mesh tries again what is safe to try again", { minimum: 0, maximum: 10 }),
      2,
    ),
    circuitBreaker: defaulted(circuitBreaker, {}),
    loadBalancing: defaulted(
      choice("Which pod gets the next request", ["least-request", "round-robin", "random"]),
      "least-request",
    ),
  },
  { example: { port: 8080, public: ["/orders"] } },
);

export const port = record("A further port", {
  name: required(text("Its name", { format: "port-name", example: "admin" })),
  port: required(integer("The port that it listens on", { minimum: 1, maximum: 65_535 })),
  protocol: defaulted(choice("TCP or UDP", ["TCP", "UDP"]), "TCP"),
});

const probe = (description: string, defaults: { path: string; period: string; failures: number }) =>
  record(description, {
    path: defaulted(path, defaults.path),
    period: defaulted(text("Time between two questions", { format: "seconds" }), defaults.period),
    timeout: defaulted(text("How long an answer may take", { format: "seconds" }), "2s"),
    failures: defaulted(integer("Failures in a row that count", { minimum: 1, maximum: 1_000 }), defaults.failures),
  });

export const probes = record("How Kubernetes asks whether a pod is well", {
  startup: defaulted(
    probe("Asked until it answers once; nothing else counts before", { path: "/livez", period: "1s", failures: 60 }),
    {},
  ),
  liveness: defaulted(probe("A pod that fails here is restarted", { path: "/livez", period: "10s", failures: 3 }), {}),
  readiness: defaulted(
    probe("A pod that fails here gets no requests", { path: "/readyz", period: "5s", failures: 2 }),
    {},
  ),
});

const request = record("One of the requests that users make", {
  method: defaulted(choice("The method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]), "GET"),
  path: required(path),
  body: optional(text("What is sent, as JSON", { example: '{"product":"p-1","quantity":1}' })),
  weight: defaulted(integer("How often it is made, compared to the others", { minimum: 1, maximum: 1_000 }), 1),
});

export const load = record("The load that it has to stand: what load, stress, spike and endurance tests do", {
  rate: defaulted(integer("Requests in a second at a usual peak", { minimum: 1, maximum: 1_000_000 }), 50),
  duration: defaulted(text("How long a load test takes", { format: "time-span" }), "10m"),
  requests: defaulted(list("What is requested", request, { minimumItems: 1 }), [{ path: "/readyz" }]),
});
