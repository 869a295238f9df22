// Writes src/protobuf/testdata/answers.tsv anew: what the real API server answers in JSON and in protocol buffers for the same object, of every
// kind, for lists, metadata, discovery and errors; and one document of OpenAPI beside its code. `record-messages.ts KUBECONFIG`, of an API server alone.
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { decode } from "@fairway/yaml";

const [kubeconfig = ""] = process.argv.slice(2);
const config = JSON.parse(readFileSync(kubeconfig, "utf8")) as {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  users: { user: { token: string } }[];
};
const cluster = config.clusters[0]?.cluster;
const token = config.users[0]?.user.token ?? "";
const agent = new Agent({ ca: Buffer.from(cluster?.["certificate-authority-data"] ?? "", "base64"), keepAlive: true });

const protobuf = "application/vnd.kubernetes.protobuf";
const scenarios = join(import.meta.dirname, "../../../oracles/diff/scenarios/tables.scenario");
const target = join(import.meta.dirname, "../src/protobuf/testdata/answers.tsv");
const namespace = "messages";
const metadataAlone = ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const metadataList = ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

interface Asked {
  readonly path: string;
  readonly accept?: string;
  readonly method?: string;
  readonly body?: string;
}

function ask({ path, accept = "application/json", method = "GET", body }: Asked): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const headers = { authorization: `Bearer ${token}`, accept, "content-type": "application/json" };
  request(new URL(path, cluster?.server), { agent, method, headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () => resolve(Buffer.concat(chunks))).on("error", reject);
  })
    .on("error", reject)
    .end(body);
  return promise;
}

const kept = { "x-kubernetes-preserve-unknown-fields": true };

/** A definition whose schema says most of what schemas can say. */
const definition = {
  metadata: { name: "gadgets.example.com", annotations: { "api-approved.kubernetes.io": "no" } },
  spec: {
    group: "example.com",
    names: { kind: "Gadget", plural: "gadgets", singular: "gadget", listKind: "GadgetList", shortNames: ["gd"] },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" } },
        additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size", priority: 1 }],
        selectableFields: [{ jsonPath: ".spec.mode" }],
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              spec: {
                type: "object",
                "x-kubernetes-validations": [
                  { rule: "self.size < 10", message: "too large", reason: "FieldValueInvalid" },
                ],
                properties: {
                  size: { type: "integer", format: "int32", minimum: 0, maximum: 99.5, multipleOf: 1, default: 0 },
                  ratio: { type: "number", minimum: -1.5, exclusiveMinimum: true, example: 1.25 },
                  mode: { type: "string", enum: ["on", "off <&>"], default: "on", pattern: "^o.+$", maxLength: 3 },
                  port: { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true },
                  labels: { type: "object", additionalProperties: { type: "string" }, maxProperties: 8 },
                  rest: { type: "object", description: "of any kind", ...kept },
                  whole: { type: "object", "x-kubernetes-embedded-resource": true, nullable: true, ...kept },
                  tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set", default: ["a"] },
                  parts: {
                    type: "array",
                    maxItems: 4,
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    items: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** The object of each kind whose columns are compared. */
async function createObjects(): Promise<void> {
  const text = readFileSync(scenarios, "utf8");
  await ask({ method: "POST", path: "/api/v1/namespaces", body: `{"metadata":{"name":"${namespace}"}}` });
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await ask({ method: "POST", path: accounts, body: `{"metadata":{"name":"default"}}` });
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await ask({ method: "POST", path: definitions, body: JSON.stringify(definition) });
  const posts = text.replaceAll("$ns", namespace).matchAll(/^> POST (\S+)\n(?:> .*\n)*((?:(?!>|===|@).*\n)*)/gm);
  for (const [, path = "", body = ""] of posts) await ask({ method: "POST", path, body: JSON.stringify(decode(body)) });
}

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly { readonly resource: string; readonly verbs: readonly string[] }[];
    }[];
  }[];
}

async function* collections(): AsyncGenerator<string> {
  for (const root of ["/api", "/apis"]) {
    const accept = "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io";
    const { items } = JSON.parse(String(await ask({ path: root, accept }))) as Discovery;
    for (const { metadata, versions } of items) {
      for (const { version, resources } of versions) {
        const base = [root, metadata.name, version].filter(Boolean).join("/");
        yield base;
        for (const { resource, verbs } of resources) if (verbs.includes("list")) yield `${base}/${resource}`;
      }
    }
  }
}

/** Both forms of the same; what changes meanwhile is asked for again. */
async function line(asked: Asked, parameters = ""): Promise<string> {
  for (;;) {
    const before = await ask({ ...asked, accept: `application/json${parameters}` });
    const message = await ask({ ...asked, accept: `${protobuf}${parameters}` });
    const after = await ask({ ...asked, accept: `application/json${parameters}` });
    if (!before.equals(after)) continue;
    return [asked.path + parameters, before.toString("utf8").trim(), message.toString("base64")].join("\t");
  }
}

interface Listed {
  readonly items?: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}

await createObjects();
const lines: string[] = [];
for await (const path of collections()) {
  if (path.includes("example.com")) continue;
  const { items = [] } = JSON.parse(String(await ask({ path }))) as Listed;
  const first = items.find(({ metadata: { name, namespace: place } }) => [name, place].includes(namespace)) ?? items[0];
  if (first === undefined) {
    lines.push(await line({ path }));
    continue;
  }
  const { name, namespace: place } = first.metadata;
  const object = place === undefined ? `${path}/${name}` : path.replace(/[^/]+$/, `namespaces/${place}/$&/${name}`);
  lines.push(await line({ path: object }));
}
const namespaces = "/api/v1/namespaces";
lines.push(await line({ path: `${namespaces}?limit=2` }));
lines.push(await line({ path: "/apis/rbac.authorization.k8s.io/v1/clusterroles?limit=2" }));
lines.push(await line({ path: `${namespaces}/default` }, metadataAlone));
lines.push(await line({ path: `${namespaces}?limit=2` }, metadataList));
lines.push(await line({ path: `${namespaces}?limit=2` }, metadataList.replace("v=v1", "v=v1beta1")));
lines.push(await line({ path: `${namespaces}/missing` }));
lines.push(await line({ path: `${namespaces}?limit=1&continue=x` }));
lines.push(await line({ path: namespaces, method: "POST", body: `{"metadata":{"name":"A_"}}` }));
for (const path of ["/api", "/apis", "/apis/apps"]) lines.push(await line({ path }));
lines.push(await line({ path: "/apis" }, ";as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io"));
for (const [review, spec] of [
  ["authorization.k8s.io/v1/subjectaccessreviews", `{"user":"a","nonResourceAttributes":{"path":"/","verb":"get"}}`],
  ["authorization.k8s.io/v1/selfsubjectaccessreviews", `{"nonResourceAttributes":{"path":"/","verb":"get"}}`],
  ["authentication.k8s.io/v1/selfsubjectreviews", undefined],
] as const)
  lines.push(await line({ path: `/apis/${review}`, method: "POST", body: `{"spec":${spec ?? "{}"}}` }));
const document = "/openapi/v3/apis/authentication.k8s.io/v1";
const wire = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";
const documents = join(import.meta.dirname, "../src/openapi/testdata");
writeFileSync(join(documents, "authentication-v1.json"), await ask({ path: document }));
writeFileSync(join(documents, "authentication-v1.pb"), await ask({ path: document, accept: wire }));
writeFileSync(target, `${lines.join("\n")}\n`);
agent.destroy();
process.stdout.write(`${lines.length} answers\n`);
