import type { FieldError } from "../../object/field-error.ts";
import type { HTTPGetAction, Lifecycle, LifecycleHandler, PodSpec, Probe } from "../../schema/data/types/core-v1.ts";
import { forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { regexMessage } from "../validation/names.ts";
import { NOT_NEGATIVE, portNumberOrName } from "../validation/numbers.ts";

const probeNumbers = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

export function validateProbe(
  probe: Probe,
  use: "liveness" | "readiness" | "startup",
  field: string,
  errors: FieldError[],
): void {
  validateHandler(probe, undefined, field, errors);
  for (const name of probeNumbers) {
    const value = probe[name];
    if (value !== undefined && value < 0) errors.push(invalid(`${field}.${name}`, value, NOT_NEGATIVE));
  }
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  if (use === "readiness") {
    if (grace !== undefined)
      errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, "must not be set for readinessProbes"));
  } else if (probe.successThreshold !== 1) {
    errors.push(invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, "must be 1"));
  }
}

export function validateLifecycle(lifecycle: Lifecycle, spec: PodSpec, field: string, errors: FieldError[]): void {
  const graceSeconds = spec.terminationGracePeriodSeconds ?? 0;
  const { postStart, preStop } = lifecycle;
  if (postStart) validateHandler(postStart, graceSeconds, `${field}.postStart`, errors);
  if (preStop) validateHandler(preStop, graceSeconds, `${field}.preStop`, errors);
}

type Handler = Probe & LifecycleHandler;

const handlerKinds = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;

function validateHandler(
  handler: Handler,
  graceSeconds: number | undefined,
  field: string,
  errors: FieldError[],
): void {
  let first: (typeof handlerKinds)[number] | undefined;
  for (const kind of handlerKinds) {
    if (handler[kind] === undefined) continue;
    if (first) errors.push(forbidden(`${field}.${kind}`, "may not specify more than 1 handler type"));
    else validateAction(handler, graceSeconds, `${field}.${kind}`, errors);
    first ??= kind;
  }
  if (!first) errors.push(required(field, "must specify a handler type"));
}

/** Of the one action that a handler has. */
function validateAction(
  { exec, httpGet, tcpSocket, grpc, sleep }: Handler,
  graceSeconds: number | undefined,
  field: string,
  errors: FieldError[],
): void {
  if (exec) {
    if ((exec.command ?? []).length === 0) errors.push(required(`${field}.command`));
  } else if (httpGet) validateHttpGet(httpGet, field, errors);
  else if (tcpSocket) portNumberOrName(tcpSocket.port, `${field}.port`, errors);
  else if (grpc) portNumberOrName(grpc.port, `${field}.port`, errors);
  else if (sleep) {
    const { seconds } = sleep;
    if (seconds >= 0 && seconds <= (graceSeconds ?? seconds)) return;
    const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds}). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`;
    errors.push(invalid(field, seconds, detail));
  }
}

function validateHttpGet(
  { path = "", port, scheme, httpHeaders }: HTTPGetAction,
  field: string,
  errors: FieldError[],
): void {
  if (path === "") errors.push(required(`${field}.path`));
  portNumberOrName(port, `${field}.port`, errors);
  if (scheme !== "HTTP" && scheme !== "HTTPS")
    errors.push(notSupported(`${field}.scheme`, scheme ?? "", ["HTTP", "HTTPS"]));
  for (const { name } of httpHeaders ?? []) {
    if (/^[-A-Za-z0-9]+$/.test(name)) continue;
    const message = "a valid HTTP header must consist of alphanumeric characters or '-'";
    errors.push(invalid(`${field}.httpHeaders`, name, regexMessage(message, "[-A-Za-z0-9]+", "X-Header-Name")));
  }
}
