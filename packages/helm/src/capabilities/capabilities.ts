import { GoStruct, defineFunction, withType } from "@fairway/gotemplate";
import type { GoType } from "@fairway/gotemplate";
import { builtInApiVersions } from "./data/api-versions.ts";
import { helmVersion } from "./data/helm-version.ts";
import type { KubeVersion } from "./kube-version.ts";

const versionSetType: GoType = {
  name: "common.VersionSet",
  kind: "slice",
  elem: "string",
  underlying: "[]string",
  methods: {
    Has: (receiver) =>
      defineFunction(["string"], "bool", (version) => Array.isArray(receiver) && receiver.includes(version)),
  },
};

const helmVersionType: GoType = { name: "version.BuildInfo", kind: "struct" };
const capabilitiesType: GoType = { name: "*common.Capabilities", kind: "ptr" };

/** `.Capabilities`: what the cluster can do, as far as it is known without one. */
export function capabilitiesValue(kubeVersion: KubeVersion, extraApiVersions: readonly string[]): GoStruct {
  return new GoStruct(capabilitiesType, {
    KubeVersion: kubeVersionValue(kubeVersion),
    APIVersions: withType(versionSetType, [...builtInApiVersions, ...extraApiVersions]),
    HelmVersion: new GoStruct(helmVersionType, helmVersion),
  });
}

function kubeVersionValue(version: KubeVersion): GoStruct {
  const type: GoType = {
    name: "common.KubeVersion",
    kind: "struct",
    pointerMethods: ["String", "GitVersion"],
    methods: {
      String: () => defineFunction([], "string", () => version.normalized),
      GitVersion: () => defineFunction([], "string", () => version.version),
    },
  };
  const { version: Version, normalized, major: Major, minor: Minor } = version;
  return new GoStruct(type, { Version, normalizedVersion: normalized, Major, Minor });
}
