import { bootstrapRoles } from "../access/rbac/bootstrap-roles.ts";
import type { KubeClient } from "@fairway/kube-client";
import type { KindRegistry } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { frontProxyName } from "./tls/credentials.ts";
import flowObjects from "./data/bootstrap-objects.json" with { type: "json" };

export interface BootstrapOptions {
  readonly client: KubeClient;
  readonly kinds: KindRegistry;
  readonly serviceAddress: string;
  readonly serviceCidr: string;
  readonly port: number;
  readonly authority: string;
  readonly frontProxyAuthority: string;
}

const namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Makes what every cluster begins with, where it is not there yet. What somebody changed since stays as it is. */
export async function bootstrap(options: BootstrapOptions): Promise<void> {
  const ensure = (objects: readonly KubeObject[]): Promise<unknown> =>
    Promise.all(objects.map((object) => ensureObject(options, object)));
  await ensure(namespaces.map((name) => object("v1", "Namespace", { name })));
  await ensure([...bootstrapRoles, ...(flowObjects as readonly KubeObject[]), ...localApiServices(options.kinds)]);
  await ensure([serviceCidr(options), authenticationFacts(options)]);
  await ensure([kubernetesService(options)]);
}

async function ensureObject({ client, kinds }: BootstrapOptions, wanted: KubeObject): Promise<void> {
  const kind = kinds.byKind(wanted.apiVersion, wanted.kind);
  if (!kind) throw new Error(`${wanted.apiVersion} ${wanted.kind} is not among the kinds that are served`);
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const { namespace, name = "" } = wanted.metadata;
  const collection = `${root}/${namespace === undefined ? "" : `namespaces/${namespace}/`}${kind.plural}`;
  const known = await client.request({ method: "GET", path: `${collection}/${encodeURIComponent(name)}` });
  if (known.status === 200) return;
  const made = await client.request({ method: "POST", path: collection, body: wanted });
  if (made.status !== 201 && made.status !== 409)
    throw new Error(`${wanted.kind} ${name} could not be made: ${JSON.stringify(made.body)}`);
}

function object(
  apiVersion: string,
  kind: string,
  metadata: KubeObject["metadata"],
  rest: Readonly<Record<string, unknown>> = {},
): KubeObject {
  return { apiVersion, kind, metadata, ...rest };
}

function kubernetesService({ serviceAddress, port }: BootstrapOptions): KubeObject {
  const labels = { component: "apiserver", provider: "kubernetes" };
  return object(
    "v1",
    "Service",
    { name: "kubernetes", namespace: "default", labels },
    {
      spec: {
        clusterIP: serviceAddress,
        clusterIPs: [serviceAddress],
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
        sessionAffinity: "None",
        type: "ClusterIP",
      },
    },
  );
}

function serviceCidr({ serviceCidr: cidr }: BootstrapOptions): KubeObject {
  return object("networking.k8s.io/v1", "ServiceCIDR", { name: "kubernetes" }, { spec: { cidrs: [cidr] } });
}

/** Where servers that extend the API find out whose certificates to believe, and in which headers they are told who asks. */
function authenticationFacts({ authority, frontProxyAuthority }: BootstrapOptions): KubeObject {
  const metadata = { name: "extension-apiserver-authentication", namespace: "kube-system" };
  const data = {
    "client-ca-file": authority,
    "requestheader-allowed-names": JSON.stringify([frontProxyName]),
    "requestheader-client-ca-file": frontProxyAuthority,
    "requestheader-extra-headers-prefix": JSON.stringify(["X-Remote-Extra-"]),
    "requestheader-group-headers": JSON.stringify(["X-Remote-Group"]),
    "requestheader-uid-headers": JSON.stringify(["X-Remote-Uid"]),
    "requestheader-username-headers": JSON.stringify(["X-Remote-User"]),
  };
  return object("v1", "ConfigMap", metadata, { data });
}

/** Groups in the order in which clients prefer them, as the aggregator of Kubernetes ranks them. */
const groupPriorities: Readonly<Record<string, number>> = {
  "": 18_000,
  apps: 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  policy: 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "apiextensions.k8s.io": 16_700,
  "admissionregistration.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
  "resource.k8s.io": 16_200,
};

function localApiServices(kinds: KindRegistry): readonly KubeObject[] {
  const versions = new Map(kinds.all().map(({ group, version }) => [`${version}.${group}`, { group, version }]));
  return [...versions]
    .filter(([, { group }]) => group in groupPriorities)
    .map(([name, { group, version }]) =>
      object(
        "apiregistration.k8s.io/v1",
        "APIService",
        { name, labels: { "kube-aggregator.kubernetes.io/automanaged": "onstart" } },
        {
          spec: {
            ...(group === "" ? {} : { group }),
            version,
            groupPriorityMinimum: groupPriorities[group],
            versionPriority: group === "" ? 1 : version === "v2" ? 30 : 15,
          },
        },
      ),
    );
}
