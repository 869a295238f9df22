/** The house as the design draws it: which package lives on which floor. A new package gets a line here. */
export const floorOf: Readonly<Record<string, Floor>> = {
  yaml: "pure",
  gotemplate: "pure",
  spec: "pure",
  helm: "pure",
  kustomize: "pure",
  cel: "pure",
  manifests: "pure",
  git: "edge",
  build: "edge",
  charts: "edge",
  "runtime-contract": "edge",
  templates: "edge",
  pact: "edge",
  "kube-client": "client",
  preview: "engine",
  cluster: "embedded",
  ingress: "embedded",
  postgres: "embedded",
  kit: "service",
  "shop-tests": "trial",
  cli: "composition",
};

export type Floor = "pure" | "client" | "engine" | "embedded" | "edge" | "service" | "trial" | "composition";

/** Which floors may be imported from a floor. */
export const mayImport: Readonly<Record<Floor, readonly Floor[]>> = {
  pure: ["pure"],
  client: ["pure", "client"],
  engine: ["pure", "client", "engine"],
  embedded: ["pure", "client", "embedded"],
  edge: ["pure", "client", "edge"],
  service: ["service"],
  trial: ["service", "client", "embedded", "edge"],
  composition: ["pure", "client", "engine", "embedded", "edge"],
};

/** What tests stand on beside that: a real database or API server to test against. */
export const testsMayImport: Readonly<Partial<Record<Floor, readonly Floor[]>>> = {
  service: ["embedded"],
  client: ["embedded"],
};

export const floorMeaning: Readonly<Record<Floor, string>> = {
  pure: "text in, text out: no clock, network or disk, so that its answer depends on its arguments alone",
  client: "speaks a protocol to whoever is at its other end, and knows no part of the house",
  engine: "knows the protocols, never an embedded part, so that it works the same against real ones",
  embedded: "stands in for a real part and knows no engine, so that no private interface can grow",
  edge: "reads disks and networks for the pure packages",
  trial: "holds the whole against its promises; nothing stands on it",
  service: "what the microservices are built on; it knows nothing of the platform",
  composition: "the only place that puts parts together",
};

/** Floors where clock, randomness, environment and input/output come in from outside. */
export const sealedFloors: readonly Floor[] = ["pure", "engine"];

/** Modules of Node that compute and touch nothing. */
export const harmlessModules: readonly string[] = [
  "node:buffer",
  "node:crypto",
  "node:util",
  "node:zlib",
  "node:string_decoder",
];

/** What computes and touches nothing in modules that do. */
export const harmlessNames: readonly string[] = ["isIP", "isIPv4", "isIPv6"];

/** Members of otherwise harmless modules and globals that bring in the world. */
export const worldlyMembers: readonly string[] = [
  "Date.now",
  "Math.random",
  "performance.now",
  "crypto.randomUUID",
  "crypto.getRandomValues",
];

export const worldlyGlobals: readonly string[] = [
  "process",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "console",
  "performance",
];

/** Imports by name from `node:crypto` that draw randomness. */
export const randomImports: readonly string[] = [
  "randomBytes",
  "randomInt",
  "randomUUID",
  "randomFillSync",
  "generateKeyPairSync",
  "generateKeySync",
  "webcrypto",
];

/** A drawer labelled "things" is where things get lost. */
export const bannedFileNames: readonly string[] = [
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "types",
  "misc",
  "shared",
];
