import type { KubeClient } from "@fairway/kube-client";

/** Something that a cluster has or lacks, said before anything in it is changed. */
export interface Finding {
  readonly subject: string;
  /** `lacks` ends the run; `differs` is only said. */
  readonly verdict: "fits" | "differs" | "lacks";
  readonly found: string;
  readonly whatToDo?: string;
}

export interface PreflightOptions {
  readonly namespaces: readonly string[];
  /** For the database's data; undefined when no database is brought along, `none` when it need not last. */
  readonly storageClass: "default" | "none" | (string & {}) | undefined;
}

export interface Preflight {
  readonly findings: readonly Finding[];
  /** Of the nodes: `linux/amd64`. */
  readonly platforms: readonly string[];
}

const oldestMinor = 29;

/** Looks at a cluster that others run. */
export async function preflight(client: KubeClient, options: PreflightOptions): Promise<Preflight> {
  const look = async <T>(path: string): Promise<T | undefined> => {
    const { status, body } = await client.request({ method: "GET", path });
    return status === 200 ? (body as T) : undefined;
  };
  const [version, nodes, groups, ingressClasses, storageClasses, permissions] = await Promise.all([
    look<{ readonly gitVersion?: string; readonly minor?: string }>("/version"),
    look<List<Node>>("/api/v1/nodes"),
    look<{ readonly groups: readonly { readonly name: string }[] }>("/apis"),
    look<List<object>>("/apis/networking.k8s.io/v1/ingressclasses"),
    look<List<Named>>("/apis/storage.k8s.io/v1/storageclasses"),
    permissionsIn(client, options.namespaces),
  ]);
  return {
    findings: [
      versionFinding(version),
      ...nodeFindings(nodes?.items),
      ...permissions,
      metricsFinding(groups?.groups.some(({ name }) => name === "metrics.k8s.io") ?? false),
      ingressFinding((ingressClasses?.items.length ?? 0) > 0),
      ...storageFindings(storageClasses?.items ?? [], options.storageClass),
    ],
    platforms: [...new Set((nodes?.items ?? []).map(platformOf))],
  };
}

interface List<T> {
  readonly items: readonly T[];
}

interface Named {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

interface Node extends Named {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly operatingSystem?: string; readonly architecture?: string };
  };
}

function platformOf({ status }: Node): string {
  return `${status?.nodeInfo?.operatingSystem ?? "linux"}/${status?.nodeInfo?.architecture ?? "amd64"}`;
}

function versionFinding(version: { readonly gitVersion?: string; readonly minor?: string } | undefined): Finding {
  const found = version?.gitVersion ?? "no version is told";
  const minor = Number.parseInt(version?.minor ?? "", 10);
  if (minor >= oldestMinor) return { subject: "Kubernetes", verdict: "fits", found };
  return {
    subject: "Kubernetes",
    verdict: "lacks",
    found,
    whatToDo: `use a cluster of 1.${oldestMinor} or newer`,
  };
}

function nodeFindings(nodes: readonly Node[] | undefined): readonly Finding[] {
  if (nodes === undefined) {
    return [
      {
        subject: "nodes",
        verdict: "differs",
        found: "they may not be looked at",
        whatToDo: "images are built for linux/amd64",
      },
    ];
  }
  const ready = nodes.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  const found = `${ready.length} of ${nodes.length} ready`;
  if (ready.length > 0) return [{ subject: "nodes", verdict: "fits", found }];
  return [{ subject: "nodes", verdict: "lacks", found, whatToDo: "wait until a node is ready: kubectl get nodes" }];
}

const wanted = [
  { group: "", resource: "namespaces", verb: "create", namespaced: false },
  { group: "", resource: "secrets", verb: "create", namespaced: true },
  { group: "apps", resource: "deployments", verb: "patch", namespaced: true },
  { group: "networking.k8s.io", resource: "networkpolicies", verb: "patch", namespaced: true },
  { group: "rbac.authorization.k8s.io", resource: "roles", verb: "patch", namespaced: true },
] as const;

async function permissionsIn(client: KubeClient, namespaces: readonly string[]): Promise<readonly Finding[]> {
  const missing: string[] = [];
  for (const { namespaced, ...attributes } of wanted) {
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { ...attributes, ...(namespaced ? { namespace: namespaces[0] } : {}) } },
    };
    const { body } = await client.request({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: review,
    });
    const isAllowed = (body as { readonly status?: { readonly allowed?: boolean } }).status?.allowed === true;
    if (!isAllowed) missing.push(`${attributes.verb} ${attributes.resource}`);
  }
  if (missing.length === 0) return [{ subject: "rights", verdict: "fits", found: "all that is needed" }];
  const found = `not allowed: ${missing.join(", ")}`;
  return [{ subject: "rights", verdict: "lacks", found, whatToDo: "ask for these rights, or use another context" }];
}

function metricsFinding(isThere: boolean): Finding {
  if (isThere) return { subject: "metrics", verdict: "fits", found: "metrics.k8s.io" };
  const whatToDo = "services stay at their least number of replicas; metrics-server would let them scale";
  return { subject: "metrics", verdict: "differs", found: "no metrics.k8s.io", whatToDo };
}

function ingressFinding(isThere: boolean): Finding {
  if (isThere) return { subject: "ingress", verdict: "fits", found: "an ingress class" };
  const whatToDo = "nothing leads in from outside; kubectl port-forward does, or an ingress controller";
  return { subject: "ingress", verdict: "differs", found: "no ingress class", whatToDo };
}

function storageFindings(classes: readonly Named[], wantedClass: string | undefined): readonly Finding[] {
  if (wantedClass === undefined) return [];
  if (wantedClass === "none") {
    return [
      {
        subject: "storage",
        verdict: "differs",
        found: "none is asked for",
        whatToDo: "the database's data ends with its pod",
      },
    ];
  }
  const names = classes.map(({ metadata }) => metadata.name);
  const standard = classes.find(
    ({ metadata }) => metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
  );
  const found = wantedClass === "default" ? standard?.metadata.name : names.find((name) => name === wantedClass);
  if (found !== undefined) return [{ subject: "storage", verdict: "fits", found }];
  return [
    {
      subject: "storage",
      verdict: "lacks",
      found: wantedClass === "default" ? "no default storage class" : `no storage class ${wantedClass}`,
      whatToDo: `--storage-class ${[...names, "none"].join("|")} (none: the data ends with the pod), or --database URL`,
    },
  ];
}
