import { defaultLimits, depthCeiling } from "./limits.ts";
import type { YamlLimits } from "./limits.ts";

export interface DecodeOptions {
  /** Refuse duplicate keys, as sigs.k8s.io/yaml UnmarshalStrict does; otherwise the last one wins. */
  strict?: boolean;
  /** Integers as bigint (all of them, exact), or as number like every JSON number of Go. */
  integers?: "number" | "bigint";
  limits?: Partial<YamlLimits>;
}

export function resolveLimits(limits: Partial<YamlLimits> | undefined): YamlLimits {
  const all = { ...defaultLimits, ...limits };
  return { ...all, depthMax: Math.min(all.depthMax, depthCeiling) };
}
