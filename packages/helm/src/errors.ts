import { YamlError } from "@fairway/yaml";

export type HelmErrorCode =
  | "archive-invalid"
  | "chart-invalid"
  | "dependency-missing"
  | "kube-version-incompatible"
  | "limit-exceeded"
  | "manifest-invalid"
  | "schema-violated"
  | "template-failed"
  | "template-invalid"
  | "unsupported"
  | "usage"
  | "values-invalid";

/** A failure of loading or rendering a chart. The message is what `helm` prints after `Error: `. */
export class HelmError extends Error {
  readonly code: HelmErrorCode;

  constructor(code: HelmErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "HelmError";
    this.code = code;
  }
}

const afterRendering: ReadonlySet<HelmErrorCode> = new Set([
  "kube-version-incompatible",
  "manifest-invalid",
  "template-failed",
  "template-invalid",
]);

/** What `helm template` writes to standard error before it ends with 1. */
export function errorText(error: HelmError): string {
  const hint = afterRendering.has(error.code) ? "\n\nUse --debug flag to render out invalid YAML" : "";
  return `Error: ${error.message}${hint}\n`;
}

/** The message of whatever was thrown; of YAML errors the one that Go has for it. */
export function messageOf(error: unknown): string {
  if (error instanceof YamlError) return `error converting YAML to JSON: ${error.goMessage}`;
  return error instanceof Error ? error.message : String(error);
}
