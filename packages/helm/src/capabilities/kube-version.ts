import { sprintf } from "@fairway/gotemplate";
import { HelmError } from "../errors.ts";

/** A Kubernetes version as `.Capabilities.KubeVersion` shows it. */
export interface KubeVersion {
  /** As given, with a leading `v`. */
  readonly version: string;
  /** Only the numbers, with a leading `v`: what constraints are checked against. */
  readonly normalized: string;
  readonly major: string;
  readonly minor: string;
}

/** What helm 4.1 assumes without a cluster. */
export const defaultKubeVersion: KubeVersion = {
  version: "v1.35.0",
  normalized: "v1.35.0",
  major: "1",
  minor: "35",
};

/** Reads `--kube-version`: at least two numbers, anything after them. */
export function parseKubeVersion(text: string): KubeVersion {
  const match = /^\s*v?(\d+(?:\.\d+)*)/u.exec(text);
  if (match?.[1] === undefined) throw invalid(text, sprintf("could not parse %q as version", text));
  const components = match[1].split(".");
  const [major, minor] = components;
  if (major === undefined || minor === undefined) throw invalid(text, sprintf("illegal version string %q", text));
  if (major.startsWith("0") && major !== "0") {
    throw invalid(text, sprintf("illegal zero-prefixed version component %q in %q", major, text));
  }
  const numbers = components.map((component) => BigInt(component).toString());
  return {
    version: text.startsWith("v") ? text : `v${text}`,
    normalized: `v${numbers.join(".")}`,
    major: numbers[0] ?? "",
    minor: numbers[1] ?? "",
  };
}

function invalid(text: string, reason: string): HelmError {
  return new HelmError("usage", `invalid kube version '${text}': ${reason}`);
}
