/** What is built with Go: from which of the pinned modules, and how long it took on two cores with nothing compiled. */
export interface BinaryRecipe {
  readonly module: "kubernetes" | "etcd" | "coredns" | "pause" | "sample-apiserver" | "follower";
  readonly package: string;
  readonly kind: "program" | "test";
  readonly ldflags: string;
  readonly secondsOnTwoCores: number;
}

export const kubernetesVersion = "v1.35.4";

const versionPackage = "k8s.io/component-base/version";
const small = "-s -w";
/** Without these kubectl can't parse the version that the server reports. */
const stamped = `${small} -X ${versionPackage}.gitVersion=${kubernetesVersion} -X ${versionPackage}.gitMajor=1 -X ${versionPackage}.gitMinor=35`;

export const binaryRecipes = {
  etcd: { module: "etcd", package: ".", kind: "program", ldflags: small, secondsOnTwoCores: 60 },
  kubernetes: { module: "kubernetes", package: ".", kind: "program", ldflags: stamped, secondsOnTwoCores: 420 },
  kubectl: {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kubectl",
    kind: "program",
    ldflags: stamped,
    secondsOnTwoCores: 30,
  },
  e2e: {
    module: "kubernetes",
    package: "k8s.io/kubernetes/test/e2e",
    kind: "test",
    ldflags: stamped,
    secondsOnTwoCores: 150,
  },
  ginkgo: {
    module: "kubernetes",
    package: "github.com/onsi/ginkgo/v2/ginkgo",
    kind: "program",
    ldflags: small,
    secondsOnTwoCores: 10,
  },
  agnhost: {
    module: "kubernetes",
    package: "k8s.io/kubernetes/test/images/agnhost",
    kind: "program",
    ldflags: small,
    secondsOnTwoCores: 15,
  },
  nonewprivs: {
    module: "kubernetes",
    package: "k8s.io/kubernetes/test/images/nonewprivs",
    kind: "program",
    ldflags: small,
    secondsOnTwoCores: 5,
  },
  coredns: { module: "coredns", package: ".", kind: "program", ldflags: small, secondsOnTwoCores: 80 },
  pause: { module: "pause", package: ".", kind: "program", ldflags: small, secondsOnTwoCores: 5 },
  follower: { module: "follower", package: ".", kind: "program", ldflags: small, secondsOnTwoCores: 90 },
  messages: { module: "follower", package: "./messages", kind: "program", ldflags: small, secondsOnTwoCores: 30 },
  "sample-apiserver": {
    module: "sample-apiserver",
    package: "k8s.io/sample-apiserver",
    kind: "program",
    ldflags: small,
    secondsOnTwoCores: 170,
  },
} as const satisfies Record<string, BinaryRecipe>;

export type BinaryName = keyof typeof binaryRecipes;
