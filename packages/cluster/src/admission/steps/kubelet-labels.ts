type Labels = Readonly<Record<string, string>> | undefined;

/** Labels of Kubernetes that a node may give to itself. */
const own = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
]);
const ownDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const neverDomain = "node-restriction.kubernetes.io";

/** Of the labels that change those that a node may not change: by them it could draw pods to itself. */
export function forbiddenLabels(next: Labels = {}, before: Labels = {}): readonly string[] {
  const names = new Set([...Object.keys(next), ...Object.keys(before)]);
  return [...names].filter((name) => next[name] !== before[name] && isForbidden(name)).toSorted();
}

function isForbidden(name: string): boolean {
  const slash = name.indexOf("/");
  const domain = slash === -1 ? "" : name.slice(0, slash);
  if (isIn(domain, neverDomain)) return true;
  const isOfKubernetes = isIn(domain, "kubernetes.io") || isIn(domain, "k8s.io");
  return isOfKubernetes && !own.has(name) && !ownDomains.some((each) => isIn(domain, each));
}

function isIn(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
