/** The package in which Kubernetes has the kinds of a built-in group: messages say it. */
export function goPackageOf(group: string): string {
  if (group === "" || group === "events.k8s.io") return "core";
  return group === "internal.apiserver.k8s.io" ? "apiserverinternal" : group.replace(/\..*/, "");
}
