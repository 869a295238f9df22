import type { FieldError } from "../../object/field-error.ts";
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "../../schema/data/types/core-v1.ts";
import { forbidden, eachInvalid, invalid, notSupported, required } from "../validation/errors.ts";
import { regexMessage } from "../validation/names.ts";
import { nonNegative, portNumber, portNumberOrName } from "../validation/numbers.ts";

export function validateProbe(
  probe: Probe | undefined,
  use: "liveness" | "readiness" | "startup",
  field: string,
): FieldError[] {
  if (!probe) return [];
  const errors = validateHandler(probe, field, undefined);
  for (const name of [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ] as const)
    errors.push(...nonNegative(probe[name], `${field}.${name}`));
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  if (use === "readiness") {
    if (grace !== undefined)
      errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, "must not be set for readinessProbes"));
  } else if (probe.successThreshold !== 1) {
    errors.push(invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, "must be 1"));
  }
  return errors;
}

export function validateLifecycle(lifecycle: Lifecycle, field: string, graceSeconds: number): FieldError[] {
  const { postStart, preStop } = lifecycle;
  return [
    ...(postStart ? validateHandler(postStart, `${field}.postStart`, graceSeconds) : []),
    ...(preStop ? validateHandler(preStop, `${field}.preStop`, graceSeconds) : []),
  ];
}

type Handler = Probe & LifecycleHandler;

const handlerKinds = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;

function validateHandler(handler: Handler, field: string, graceSeconds: number | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const given = handlerKinds.filter((kind) => handler[kind] !== undefined);
  for (const [index, kind] of given.entries()) {
    if (index > 0) errors.push(forbidden(`${field}.${kind}`, "may not specify more than 1 handler type"));
    else errors.push(...validateAction(handler, kind, `${field}.${kind}`, graceSeconds));
  }
  return given.length === 0 ? [required(field, "must specify a handler type")] : errors;
}

function validateAction(
  handler: Handler,
  kind: (typeof handlerKinds)[number],
  field: string,
  graceSeconds: number | undefined,
): FieldError[] {
  switch (kind) {
    case "exec":
      return (handler.exec?.command ?? []).length === 0 ? [required(`${field}.command`)] : [];
    case "httpGet":
      return handler.httpGet ? validateHttpGet(handler.httpGet, field) : [];
    case "tcpSocket":
      return portNumberOrName(handler.tcpSocket?.port ?? 0, `${field}.port`);
    case "grpc":
      return eachInvalid(`${field}.port`, handler.grpc?.port ?? 0, portNumber(handler.grpc?.port ?? 0));
    default: {
      const seconds = handler.sleep?.seconds ?? 0;
      const isFitting = seconds >= 0 && seconds <= (graceSeconds ?? seconds);
      const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds}). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`;
      return isFitting ? [] : [invalid(field, seconds, detail)];
    }
  }
}

function validateHttpGet({ path = "", port, scheme, httpHeaders = [] }: HTTPGetAction, field: string): FieldError[] {
  const errors = path === "" ? [required(`${field}.path`)] : [];
  errors.push(...portNumberOrName(port, `${field}.port`));
  if (scheme !== "HTTP" && scheme !== "HTTPS")
    errors.push(notSupported(`${field}.scheme`, scheme ?? "", ["HTTP", "HTTPS"]));
  for (const { name } of httpHeaders) {
    if (/^[-A-Za-z0-9]+$/.test(name)) continue;
    const message = "a valid HTTP header must consist of alphanumeric characters or '-'";
    errors.push(invalid(`${field}.httpHeaders`, name, regexMessage(message, "[-A-Za-z0-9]+", "X-Header-Name")));
  }
  return errors;
}
